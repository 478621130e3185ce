#include "utf8.h"

#include <cstring>

namespace tracemill::format {

size_t utf8_valid_size(std::string_view text) noexcept {
    const auto* const begin = reinterpret_cast<const uint8_t*>(text.data());
    const size_t size = text.size();
    const auto continues = [&](size_t i) { return i < size && (begin[i] & 0xc0) == 0x80; };
    size_t i = 0;
    while (i < size) {
        uint64_t word;
        if (size - i >= 8) {
            std::memcpy(&word, begin + i, 8);
            if ((word & 0x8080808080808080u) == 0) {
                i += 8;
                continue;
            }
        }
        const uint8_t lead = begin[i];
        if (lead < 0x80) {
            i += 1;
        } else if (lead >= 0xc2 && lead <= 0xdf) {
            if (!continues(i + 1)) return i;
            i += 2;
        } else if (lead >= 0xe0 && lead <= 0xef) {
            if (!continues(i + 1) || !continues(i + 2)) return i;
            if (lead == 0xe0 && begin[i + 1] < 0xa0) return i;
            i += 3;
        } else if (lead >= 0xf0 && lead <= 0xf4) {
            if (!continues(i + 1) || !continues(i + 2) || !continues(i + 3)) return i;
            if (lead == 0xf0 && begin[i + 1] < 0x90) return i;
            if (lead == 0xf4 && begin[i + 1] > 0x8f) return i;
            i += 4;
        } else {
            return i;
        }
    }
    return size;
}

std::string_view utf8_cut(std::string_view text, uint64_t size) noexcept {
    if (text.size() <= size) return text;
    size_t end = static_cast<size_t>(size);
    while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end);
}

}  // namespace tracemill::format
