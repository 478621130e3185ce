// Characters as they stand between the quotes of a repr.
#pragma once

#include <cstdint>
#include <string_view>

#include "python/compat.h"
#include "trace/text_builder.h"

namespace tracemill::trace {

// The quote that repr puts around it. Of what is very long, by as much of either end as is looked at.
char quote_of(PyObject* unicode);
char quote_of(std::string_view bytes);

// False when the text is cut.
bool append_escaped(TextBuilder& out, uint32_t c, char quote);

// Of bytes, where nothing beyond ASCII is shown as it is.
bool append_escaped_byte(TextBuilder& out, unsigned char c, char quote);

}  // namespace tracemill::trace
