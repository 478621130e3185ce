// The text of NumPy's arrays.
#pragma once

#include "trace/library_value.h"

namespace tracemill::trace {

// The items, all or those at both ends, and what they do not say by themselves. False to stop.
bool write_array(const ArrayLayout& layout, const LibraryParts::ArrayForm& form, LibraryParts& parts);

// `[1, 2, <NA>, ..., 7, 8, 9]`
bool write_items(const LibraryParts::MadeItems& items, LibraryParts& parts);

// One item by itself, as in a list.
bool write_item(const ArrayLayout& layout, Py_ssize_t number, LibraryParts& parts);

}  // namespace tracemill::trace
