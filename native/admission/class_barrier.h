// Classes of a tame program: what a class statement defines is in the code, and the rule has seen it; what `type()` and
// the library's own makers of classes define is computed, and looked at here.
#pragma once

#include "admission/name_table.h"

namespace tracemill::admission {

// Once. `make`: the slot of `type`. `is_librarys`: whether a type is. `stop` raises, unless no tame program runs: then
// it answers false.
void prepare_class_barrier(newfunc make, const NameTable& names, bool (*is_librarys)(PyObject* type), bool (*stop)());
// What stands in for the slot.
void* class_barrier();

// The globals of the tame program that runs, borrowed; NULL = none does.
void guard_classes_of(PyObject* globals);

}  // namespace tracemill::admission
