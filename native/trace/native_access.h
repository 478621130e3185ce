// Notices that a program takes native access: what lets it read or write memory past Python, after which nothing that
// this process says of itself can be relied on, nor can it be put back. Only a process that runs no other program has
// room for that; any other one ends on the spot, and the program runs again in one of its own.
//
// What counts is listed in native_access.cc. It is meant to be too much rather than too little: being taken for native
// costs a program a process, and changes nothing else.
#pragma once

#include <string>
#include <string_view>

#include "interface/core.h"
#include "python/compat.h"

namespace tracemill::trace {

// Once per process, after the modules that programs find loaded: functions of `ctypes` that tell nobody are noticed
// from here on, should it be among them. Empty or an error text.
std::string watch_native_access();

// Whether the source names what lets NumPy's arrays lie anywhere in memory, which no event tells of.
bool names_native_access(std::string_view source);

// Does not return where the tier has no room for native access.
void end_unless_alone(const tm_options& options);

// Of an audit event: the same if it is native access.
void check_native_access(const tm_options& options, std::string_view event, PyObject* arguments);

}  // namespace tracemill::trace
