// Numbers as NumPy writes them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "trace/library_array.h"

namespace tracemill::trace {

// The items of an array of booleans or numbers at these places, as wide as one another: what stands between the
// brackets of NumPy's own repr. Empty for other kinds. `rounded`: some of them have more digits than show.
std::vector<std::string> number_texts(const ArrayLayout& layout, std::span<const char* const> items, bool& rounded);

// A float of 2, 4 or 8 bytes as a NumPy scalar shows it: `1.5`, `1e-05`.
std::string scalar_float_text(const char* item, int size);

// A whole number of 1 to 8 bytes.
std::string whole_number_text(const char* item, Py_ssize_t size, bool is_signed, bool is_native);

}  // namespace tracemill::trace
