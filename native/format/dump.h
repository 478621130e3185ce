// Prints a record in the language of dump.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "byte_cursor.h"

namespace tracemill::format {

// Hands the text to `sink` in pieces, so that a small record whose text is large does not need memory for it. On an
// invalid record what comes before the error has been handed over.
std::optional<RecordError> dump(std::span<const uint8_t> record, const std::function<void(std::string_view)>& sink);

}  // namespace tracemill::format
