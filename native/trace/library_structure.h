// What the own repr of an object of a library's Python code depends on: all that it holds. False to stop, as both.
#pragma once

#include "trace/library_value.h"

namespace tracemill::trace {

// The whole tree of an expression of SymPy, however deep.
bool tell_expression(PyObject* object, LibraryParts& parts);

bool tell_held(PyObject* object, LibraryParts& parts);

}  // namespace tracemill::trace
