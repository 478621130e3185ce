// Varints and zigzag as record.h defines them. Encoders write without a bound: the caller has made room for
// kMaxVarintSize bytes. The decoder trusts nothing.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tracemill::format {

inline constexpr size_t kMaxVarintSize = 10;

inline uint8_t* put_varint(uint8_t* at, uint64_t value) noexcept {
    while (value >= 0x80) {
        *at++ = static_cast<uint8_t>(value | 0x80);
        value >>= 7;
    }
    *at++ = static_cast<uint8_t>(value);
    return at;
}

inline constexpr uint64_t zigzag(int64_t value) noexcept {
    return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}

inline constexpr int64_t unzigzag(uint64_t value) noexcept {
    return static_cast<int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

enum class VarintError : uint8_t { kNone, kTruncated, kTooLong };

// Reads a varint at `at` and moves it past the varint; on an error `at` stays. Padding with zero groups is accepted
// as long as the varint has at most 10 bytes; a value past 64 bits is kTooLong.
inline VarintError get_varint(const uint8_t*& at, const uint8_t* end, uint64_t& value) noexcept {
    uint64_t result = 0;
    const uint8_t* p = at;
    for (unsigned shift = 0; shift < 70; shift += 7) {
        if (p == end) return VarintError::kTruncated;
        const uint8_t byte = *p++;
        if (shift == 63 && byte > 1) return VarintError::kTooLong;
        result |= static_cast<uint64_t>(byte & 0x7f) << shift;
        if (byte < 0x80) {
            at = p;
            value = result;
            return VarintError::kNone;
        }
    }
    return VarintError::kTooLong;
}

}  // namespace tracemill::format
