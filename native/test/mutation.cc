#include "mutation.h"

#include <cstddef>

#include "format/dump.h"
#include "mulberry32.h"

namespace tracemill::test {

namespace {

constexpr uint8_t kSpecial[8] = {0x00, 0x01, 0x7f, 0x80, 0xff, 0x40, 0x12, 0x05};

void edit(std::vector<uint8_t>& bytes, Mulberry32& random) {
    const uint32_t size = static_cast<uint32_t>(bytes.size());
    const uint32_t kind = random.below(7);
    if (size == 0 && kind != 2) return;
    if (kind == 2) {
        const uint32_t at = random.below(size + 1);
        bytes.insert(bytes.begin() + at, static_cast<uint8_t>(random.below(256)));
        return;
    }
    if (kind == 4) {
        bytes.resize(random.below(size + 1));
        return;
    }
    const uint32_t at = random.below(size);
    if (kind == 0) {
        bytes[at] ^= static_cast<uint8_t>(1u << random.below(8));
    } else if (kind == 1) {
        bytes[at] = static_cast<uint8_t>(random.below(256));
    } else if (kind == 3) {
        bytes.erase(bytes.begin() + at);
    } else if (kind == 5) {
        const uint32_t to = random.below(size);
        const uint32_t count = 1 + random.below(8);
        for (uint32_t k = 0; k < count && at + k < size && to + k < size; ++k) bytes[to + k] = bytes[at + k];
    } else {
        bytes[at] = kSpecial[random.below(8)];
    }
}

}  // namespace

std::vector<uint8_t> mutant(std::span<const uint8_t> record, uint32_t seed, uint32_t number) {
    Mulberry32 random(seed + number * 0x9e3779b9u);
    std::vector<uint8_t> bytes(record.begin(), record.end());
    const uint32_t edits = 1 + random.below(4);
    for (uint32_t i = 0; i < edits; ++i) edit(bytes, random);
    return bytes;
}

std::optional<uint32_t> dump_digest(std::span<const uint8_t> record) {
    uint32_t hash = 0x811c9dc5u;
    const auto error = format::dump(record, [&](std::string_view text) {
        for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 0x01000193u;
    });
    if (error) return std::nullopt;
    return hash;
}

}  // namespace tracemill::test
