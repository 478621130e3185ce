// Generalised UTF-8: UTF-8 in which lone surrogates are encoded like any other code point. Overlong forms and code
// points past U+10FFFF are invalid.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tracemill::format {

// The size of the longest prefix that is valid; text.size() when all of it is.
size_t utf8_valid_size(std::string_view text) noexcept;

// The longest prefix of at most `size` bytes that does not end inside a code point. `text` must be valid.
std::string_view utf8_cut(std::string_view text, uint64_t size) noexcept;

}  // namespace tracemill::format
