// Memory for one record, and its dump.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tracemill::test {

struct Arena {
    explicit Arena(uint64_t capacity = 256 * 1024) : bytes(capacity) {}
    uint8_t* base() { return bytes.data(); }
    std::span<const uint8_t> record() const { return {bytes.data(), static_cast<size_t>(committed)}; }

    std::vector<uint8_t> bytes;
    uint64_t committed = 0;
};

// The text, or "byte N: message" of the error behind what was printed before it.
std::string dump_text(std::span<const uint8_t> record);

}  // namespace tracemill::test
