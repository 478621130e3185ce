// NumPy's random numbers, the same on every run of a program: the generator behind the functions of `numpy.random`, and
// those that a program makes without a seed. Nothing is done to what a program seeds by itself.
#pragma once

#include <cstdint>

#include "python/compat.h"

namespace tracemill::trace {

// NumPy, where it is imported, takes its entropy from here.
void prepare_library_random();

// Before each program. False with an exception set.
bool seed_library_random(uint64_t seed);

// An audit event, which may be that a program imports it.
void note_library_import(const char* event, PyObject* arguments);

}  // namespace tracemill::trace
