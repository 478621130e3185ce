// The length that a record has of a value whose text is cut.
#pragma once

#include "python/compat.h"

namespace tracemill::trace {

// `len(x)` of types where asking runs no code; -1 for the rest.
Py_ssize_t shown_length(PyObject* object);

}  // namespace tracemill::trace
