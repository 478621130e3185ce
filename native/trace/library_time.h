// Dates and durations of NumPy's arrays, as pandas' columns hold them.
#pragma once

#include <string>

#include "trace/library_array.h"

namespace tracemill::trace {

// `'2020-01-31'`, `'2020-01-31T23:59:59.5'`, `'90 s'`, `NaT`; of kind 'M' or 'm'.
std::string time_text(const ArrayLayout& layout, const char* item);

}  // namespace tracemill::trace
