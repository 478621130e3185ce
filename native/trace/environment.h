// What a program finds around it, made anew for each: its module, arguments, random state, context.
#pragma once

#include <string>

#include "interface/core.h"
#include "python/ref.h"
#include "trace/main_module.h"

namespace tracemill::trace {

class Environment {
  public:
    // Once per process, after the interpreter started: imports what every program needs. Empty or an error text.
    std::string prepare();

    // A fresh `__main__`, and everything around it; the module, or empty with an exception set.
    python::Owned enter(const tm_program& program, uint64_t seed);

    // When the module and the entry have run.
    void script_ended(PyObject* globals) const { main_.forget_file(globals); }

    // The dict of `sys`, borrowed.
    PyObject* sys() const { return sys_; }

    // Ends the program's context. False: the program left it by itself, or is in another one.
    bool leave();

  private:
    bool seed_random(uint64_t seed);
    bool set_arguments(const tm_program& program);

    // Made once: a name from a C string is decoded and looked up among all interned ones.
    struct Names {
        python::Owned arguments;
        python::Owned program;
        python::Owned gauss_next;
    };

    bool set_sys(const python::Owned& name, PyObject* value) const;

    MainModule main_;
    Names names_;
    PyObject* sys_ = nullptr;        // borrowed
    int int_digits_ = 0;             // sys.get_int_max_str_digits()
    python::Owned random_;           // the hidden instance behind the functions of `random`
    python::Owned random_seed_;      // its seed()
    python::Owned forget_warnings_;  // so that "once per place" starts anew
    python::Owned context_;
    std::string random_state_;  // after seeding, as bytes of the C object
    uint64_t seeded_with_ = 0;
    bool seeded_ = false;
};

}  // namespace tracemill::trace
