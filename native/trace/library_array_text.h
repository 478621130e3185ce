// The text of NumPy's arrays.
#pragma once

#include "trace/library_value.h"

namespace tracemill::trace {

// The items, all or those at both ends, and what they do not say by themselves. False to stop.
bool write_array(const ArrayLayout& layout, const LibraryParts::ArrayForm& form, LibraryParts& parts);

}  // namespace tracemill::trace
