// repr() of a Python float.
#pragma once

#include <cstddef>

namespace tracemill::format {

inline constexpr size_t kMaxFloatText = 32;

// Writes the text without a NUL and returns its size, at most kMaxFloatText.
size_t python_float_repr(double value, char* out) noexcept;

}  // namespace tracemill::format
