// Which programs run one after another in the warm interpreter, and what keeps them from seeing each other: the rule
// looks at a program's code before it runs (tame_rule.h), barriers stand around the library while it does, and what it
// may change is put back afterwards. A program that turns out not to be tame leaves nothing that counts: the caller
// puts memory back.
#pragma once

#include <string>

#include "admission/barriers.h"
#include "admission/lent_defaults.h"
#include "admission/shared_caches.h"
#include "admission/tame_rule.h"
#include "admission/trip_wire.h"
#include "python/interpreter_state.h"

namespace tracemill::admission {

class Admission {
  public:
    // Once, when the interpreter is warm, before its heap is frozen; then settle(). Without, no program is tame. Empty
    // or an error text.
    std::string prepare(Barriers::Stop stop);
    void settle();
    bool is_prepared() const { return prepared_; }

    Findings look_at(PyObject* code) const {
        return prepared_ ? rule_.look_at(reinterpret_cast<PyCodeObject*>(code)) : Findings{};
    }

    // A tame program with these globals begins.
    void begin(PyObject* globals, const Findings& program);
    // While it runs, the library runs source that it made for it: whether that is tame as well.
    bool allows(PyObject* code) const;
    // When it has ended: what caches of the library hold of it must not outlive it.
    void empty_caches() const {
        if (prepared_) caches_.empty();
    }
    // The last code of whatever program began has run. Whether a tame one wrote to something of the library.
    bool end();
    // Puts back what a tame program may change. False: something is left.
    bool put_back();

    // A program begins that is not tame: it finds the library as CPython has it.
    void begin_other() { barriers_.remove(); }

  private:
    bool prepared_ = false;
    bool runs_ = false;  // a tame program
    TameRule rule_;
    Findings program_;
    Barriers barriers_;
    TripWire wire_;
    LentDefaults lent_;
    SharedCaches caches_;
    tm_settings settings_{};
    int recursion_limit_ = 0;
};

}  // namespace tracemill::admission
