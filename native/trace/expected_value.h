// Whether a program's result is the value that its author expected.
#pragma once

#include <string_view>

#include "python/compat.h"

namespace tracemill::trace {

enum class Verdict { kEqual, kDifferent, kNotALiteral };

// Compares by value; the expected text must be a Python literal (it is parsed, never run). Leaves no exception set.
// A result of a class of the program's compares with the program's own `__eq__`, untraced.
Verdict compare_with_expected(PyObject* result, std::string_view expected);

}  // namespace tracemill::trace
