#include "test_arena.h"

#include "format/dump.h"

namespace tracemill::test {

std::string dump_text(std::span<const uint8_t> record) {
    std::string text;
    const auto error = format::dump(record, [&](std::string_view piece) { text += piece; });
    if (error) text += "byte " + std::to_string(error->offset) + ": " + error->message;
    return text;
}

}  // namespace tracemill::test
