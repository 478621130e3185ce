// What stands between a tame program and the library objects that it can get hold of. The rule (tame_rule.h) says that
// a tame program cannot name what would change them; where one tries all the same, it is told here, nothing is changed,
// and the run does not count.
//
//   - Attributes of the library's types, functions, modules and exposed instances: set and deleted through slots of
//     their types, which are replaced. The exposed types are frozen besides, so that ways round the slot fail; not
//     all thousand of them, since each lies on a page of its own that would be copied back after every batch.
//   - Classes with computed contents, and metaclasses: made through a slot of `type` (class_barrier.h).
//   - Properties of the library that are initialised anew.
//   - Whatever else writes to a dict of the library: see trip_wire.h.
//
// Other programs find the interpreter without all this, for some could tell.
#pragma once

#include <string>

#include "admission/exposed.h"
#include "admission/library.h"

namespace tracemill::admission {

class Barriers {
  public:
    // Raises what unwinds the program, wherever it is.
    using Stop = void (*)();

    // Once, in the warm interpreter. Empty or an error text.
    std::string prepare(const Library& library, const Exposed& exposed, const NameTable& names, Stop stop);

    // Around a tame program with these globals.
    void arm(PyObject* globals);
    void disarm();
    // Before a program that is not tame.
    void remove();

  private:
    // A function of a type, or one that an attribute of it calls.
    struct Slot {
        void** at;
        void* original;
        void* barrier;
        PyTypeObject* type;
    };

    void add(void** at, void* barrier, PyTypeObject* type) { slots_.push_back({at, *at, barrier, type}); }
    bool add_wrapper(PyTypeObject* type, const char* name, void* barrier);
    void put_up(bool up);
    void freeze(bool frozen) const;

    std::vector<PyTypeObject*> frozen_;  // borrowed: the library's, which do not die
    std::vector<Slot> slots_;
    bool up_ = false;
};

}  // namespace tracemill::admission
