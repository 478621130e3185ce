#include "python_float.h"

#include <charconv>
#include <cmath>
#include <cstring>

namespace tracemill::format {

namespace {

// Python uses an exponent for 1e-5 and less, and from 1e16 on.
constexpr int kMinFixedExponent = -4;
constexpr int kMaxFixedExponent = 15;

char* put(char* at, const char* text, size_t size) noexcept {
    std::memcpy(at, text, size);
    return at + size;
}

char* put_zeros(char* at, int count) noexcept {
    for (int i = 0; i < count; ++i) *at++ = '0';
    return at;
}

}  // namespace

size_t python_float_repr(double value, char* out) noexcept {
    char* at = out;
    if (std::isnan(value)) return static_cast<size_t>(put(at, "nan", 3) - out);
    if (std::signbit(value)) *at++ = '-';
    value = std::fabs(value);
    if (std::isinf(value)) return static_cast<size_t>(put(at, "inf", 3) - out);

    // d.ddde+XX, the shortest digits that read back as the same number: as Python's own choice.
    char shortest[kMaxFloatText];
    const auto written = std::to_chars(shortest, shortest + sizeof shortest, value, std::chars_format::scientific);
    const char* const mark = static_cast<const char*>(std::memchr(shortest, 'e', sizeof shortest));
    char digits[kMaxFloatText];
    int count = 0;
    for (const char* p = shortest; p != mark; ++p) {
        if (*p != '.') digits[count++] = *p;
    }
    int exponent = 0;
    std::from_chars(mark[1] == '+' ? mark + 2 : mark + 1, written.ptr, exponent);

    if (exponent < kMinFixedExponent || exponent > kMaxFixedExponent) {
        // to_chars writes at least two digits of exponent, like Python.
        return static_cast<size_t>(put(at, shortest, static_cast<size_t>(written.ptr - shortest)) - out);
    }
    if (exponent < 0) {
        at = put_zeros(put(at, "0.", 2), -exponent - 1);
        at = put(at, digits, static_cast<size_t>(count));
    } else if (count <= exponent + 1) {
        at = put_zeros(put(at, digits, static_cast<size_t>(count)), exponent + 1 - count);
        at = put(at, ".0", 2);
    } else {
        at = put(at, digits, static_cast<size_t>(exponent) + 1);
        *at++ = '.';
        at = put(at, digits + exponent + 1, static_cast<size_t>(count - exponent - 1));
    }
    return static_cast<size_t>(at - out);
}

}  // namespace tracemill::format
