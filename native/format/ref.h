// A reference to a value as events hold it: see `Ref` in record.h.
#pragma once

#include <bit>
#include <cstdint>

#include "record.h"
#include "varint.h"

namespace tracemill::format {

// "No such id": no parent frame, or a definition that did not fit.
inline constexpr uint32_t kNoId = UINT32_MAX;

enum class RefKind : uint8_t { kValue = 0, kInteger = 1, kReal = 2, kConstant = 3 };

struct Ref {
    uint64_t word = static_cast<uint64_t>(RefKind::kConstant);  // the varint; by default kUnbound
    double number = 0.0;                                        // only of a real; +0.0 otherwise

    static constexpr Ref value(uint32_t id) noexcept { return {uint64_t{id} << 2, 0.0}; }
    // Only for exact ints that fit, see fits().
    static constexpr Ref integer(int64_t n) noexcept { return {(zigzag(n) << 2) | 1, 0.0}; }
    static constexpr Ref real(double x) noexcept { return {2, x}; }
    static constexpr Ref constant(RefConstant c) noexcept { return {(static_cast<uint64_t>(c) << 2) | 3, 0.0}; }
    static constexpr bool fits(int64_t n) noexcept { return n >= kRefIntMin && n <= kRefIntMax; }

    constexpr RefKind kind() const noexcept { return static_cast<RefKind>(word & 3); }
    constexpr uint64_t value_id() const noexcept { return word >> 2; }
    constexpr int64_t as_integer() const noexcept { return unzigzag(word >> 2); }
    constexpr RefConstant as_constant() const noexcept { return static_cast<RefConstant>(word >> 2); }

    // Bit by bit: a NaN equals itself and -0.0 differs from 0.0.
    friend constexpr bool operator==(const Ref& a, const Ref& b) noexcept {
        return a.word == b.word &&
               (b.kind() != RefKind::kReal || std::bit_cast<uint64_t>(a.number) == std::bit_cast<uint64_t>(b.number));
    }
};

inline constexpr size_t kMaxRefSize = kMaxVarintSize + 8;

// The caller has made room for kMaxRefSize bytes.
inline uint8_t* put_ref(uint8_t* at, const Ref& ref) noexcept {
    at = put_varint(at, ref.word);
    if (ref.kind() == RefKind::kReal) {
        uint64_t bits = std::bit_cast<uint64_t>(ref.number);
        for (int i = 0; i < 8; ++i, bits >>= 8) *at++ = static_cast<uint8_t>(bits);
    }
    return at;
}

}  // namespace tracemill::format
