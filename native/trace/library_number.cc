#include "trace/library_number.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>

namespace tracemill::trace {
namespace {

// NumPy's default print options. A program that sets others sees them in what it prints, not in its record.
constexpr int kPrecision = 8;

struct Real {
    double value;
    int size;  // of the type it comes from, in bytes
};

// Bytes of another order, or that lie anywhere, as a number of this machine.
template <typename Number>
Number load(const char* item, bool is_native) {
    char bytes[sizeof(Number)];
    std::memcpy(bytes, item, sizeof bytes);
    if (!is_native) std::reverse(bytes, bytes + sizeof bytes);
    Number number;
    std::memcpy(&number, bytes, sizeof number);
    return number;
}

Real load_real(const char* item, int size, bool is_native) {
    if (size == 8) return {load<double>(item, is_native), size};
    if (size == 4) return {static_cast<double>(load<float>(item, is_native)), size};
    const double value = PyFloat_Unpack2(item, is_native ? 1 : 0);
    PyErr_Clear();
    return {value, size};
}

double rounded_to(double value, int size) {
    if (size == 8) return value;
    if (size == 4) return static_cast<double>(static_cast<float>(value));
    char half[2];
    if (PyFloat_Pack2(value, half, 1) != 0) {
        PyErr_Clear();
        return value;
    }
    return PyFloat_Unpack2(half, 1);
}

// As few digits as tell it from every other number of its type: `1.25e+00`.
std::string shortest_scientific(Real real) {
    char text[64];
    if (real.size == 2) {
        for (int digits = 0; digits < 5; ++digits) {
            std::snprintf(text, sizeof text, "%.*e", digits, real.value);
            if (rounded_to(std::strtod(text, nullptr), 2) == real.value) return text;
        }
        return text;
    }
    const auto done =
        real.size == 4
            ? std::to_chars(text, text + sizeof text, static_cast<float>(real.value), std::chars_format::scientific)
            : std::to_chars(text, text + sizeof text, real.value, std::chars_format::scientific);
    return {text, done.ptr};
}

// Two parts of a number around its point, and its exponent: "-1", "25", "+02".
struct Parts {
    std::string whole;
    std::string fraction;
    std::string exponent;
    bool rounded = false;  // to fewer digits than tell the number
};

void strip_zeros(std::string& fraction) {
    while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
}

Parts scientific(Real real, int precision) {
    std::string text = shortest_scientific(real);
    size_t e = text.find('e');
    const bool rounds = e > static_cast<size_t>(precision) + 3;
    if (rounds) {
        char rounded[64];
        std::snprintf(rounded, sizeof rounded, "%.*e", precision, real.value);
        text = rounded;
        e = text.find('e');
    }
    const size_t point = std::min(text.find('.'), e);
    Parts parts{text.substr(0, point), point < e ? text.substr(point + 1, e - point - 1) : "", text.substr(e + 1),
                rounds};
    strip_zeros(parts.fraction);
    return parts;
}

Parts positional(Real real, int precision) {
    // Most floats of most arrays are whole numbers.
    constexpr double kMostWhole = 1e15;
    if (std::fabs(real.value) < kMostWhole && real.value == std::trunc(real.value)) {
        const bool is_negative_zero = real.value == 0 && std::signbit(real.value);
        return {is_negative_zero ? "-0" : std::to_string(static_cast<int64_t>(real.value)), "", "", false};
    }
    const Parts shortest = scientific(real, 17);
    const bool negative = shortest.whole.front() == '-';
    std::string digits = shortest.whole.substr(negative) + shortest.fraction;
    int point = 1 + std::atoi(shortest.exponent.c_str());
    const bool rounds = static_cast<int>(digits.size()) - point > precision;
    if (rounds) {
        char rounded[400];
        std::snprintf(rounded, sizeof rounded, "%.*f", precision, std::fabs(real.value));
        const std::string text = rounded;
        const size_t at = text.find('.');
        digits = text.substr(0, at) + text.substr(at + 1);
        point = static_cast<int>(at);
    }
    if (point <= 0) {
        digits.insert(0, static_cast<size_t>(1 - point), '0');
        point = 1;
    }
    if (static_cast<int>(digits.size()) < point) digits.append(static_cast<size_t>(point) - digits.size(), '0');
    Parts parts{digits.substr(0, static_cast<size_t>(point)), digits.substr(static_cast<size_t>(point)), "", rounds};
    strip_zeros(parts.fraction);
    if (negative) parts.whole = '-' + parts.whole;
    return parts;
}

// What NumPy's FloatingFormat does.
class FloatTexts {
  public:
    FloatTexts(std::vector<Real> reals, bool shows_plus) : reals_(std::move(reals)), plus_(shows_plus) {
        choose_notation();
        for (const Real& real : reals_) {
            Parts& parts = parts_.emplace_back();
            if (!std::isfinite(real.value)) continue;
            parts = scientific_ ? scientific(real, kPrecision) : positional(real, kPrecision);
            if (plus_ && parts.whole.front() != '-') parts.whole = '+' + parts.whole;
            rounds_ = rounds_ || parts.rounded;
            left_ = std::max(left_, parts.whole.size());
            right_ = std::max(right_, parts.fraction.size());
            if (scientific_) exponent_ = std::max(exponent_, parts.exponent.size() - 1);
        }
        make_room_for_words();
    }

    std::string text(size_t number) const {
        const Real& real = reals_[number];
        if (!std::isfinite(real.value)) return word(real.value);
        Parts parts = parts_[number];
        // Where others need more digits, those that follow its shortest are the exact ones.
        if (scientific_ && parts.fraction.size() < right_) parts = exact(real);
        std::string text = std::string(left_ - parts.whole.size(), ' ') + parts.whole + '.' + parts.fraction;
        text.append(right_ - parts.fraction.size(), ' ');
        if (!scientific_) return text;
        text += std::string("e") + parts.exponent.front();
        text.append(exponent_ - (parts.exponent.size() - 1), '0');
        return text + parts.exponent.substr(1);
    }

    bool rounds() const { return rounds_; }

  private:
    void choose_notation() {
        double largest = 0;
        double smallest = HUGE_VAL;
        for (const Real& real : reals_) {
            const double size = std::fabs(real.value);
            if (!std::isfinite(size) || size == 0) continue;
            largest = std::max(largest, size);
            smallest = std::min(smallest, size);
        }
        if (largest == 0) return;
        const int type = reals_.front().size;
        const double cutoff = type == 8 ? 1e8 : type == 4 ? 1e6 : 1e3;
        scientific_ =
            largest >= cutoff || smallest < rounded_to(0.0001, type) || rounded_to(largest / smallest, type) > 1000;
    }

    void make_room_for_words() {
        bool has_words = false;
        bool has_negative = plus_;
        bool has_finite = false;
        for (const Real& real : reals_) {
            has_finite = has_finite || std::isfinite(real.value);
            has_words = has_words || !std::isfinite(real.value);
            has_negative = has_negative || (std::isinf(real.value) && real.value < 0);
        }
        width_ = right_ + (scientific_ && has_finite ? exponent_ + 2 : 0) + 1;
        if (!has_words) return;
        const size_t word_width = 3 + (has_negative ? 1 : 0);
        if (left_ + width_ < word_width) left_ = word_width - width_;
    }

    Parts exact(const Real& real) const {
        char text[64];
        std::snprintf(text, sizeof text, plus_ ? "%+.*e" : "%.*e", static_cast<int>(right_), real.value);
        const std::string_view all = text;
        const size_t point = all.find('.');
        const size_t e = all.find('e');
        return {std::string(all.substr(0, point)), std::string(all.substr(point + 1, e - point - 1)),
                std::string(all.substr(e + 1)), false};
    }

    std::string word(double value) const {
        const std::string sign = value < 0 ? "-" : plus_ ? "+" : "";
        const std::string text = sign + (std::isnan(value) ? "nan" : "inf");
        const size_t width = left_ + width_;
        return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
    }

    std::vector<Real> reals_;
    bool plus_;
    bool scientific_ = false;
    bool rounds_ = false;  // any of them
    std::vector<Parts> parts_;
    size_t left_ = 0;
    size_t right_ = 0;
    size_t exponent_ = 0;
    size_t width_ = 0;  // of the point and what follows
};

std::vector<std::string> float_texts(const ArrayLayout& layout, std::span<const char* const> items, bool& rounded) {
    std::vector<Real> reals;
    for (const char* item : items) {
        reals.push_back(load_real(item, static_cast<int>(layout.item_size), layout.is_native()));
    }
    const FloatTexts texts(std::move(reals), false);
    rounded = texts.rounds();
    std::vector<std::string> all;
    for (size_t i = 0; i < items.size(); ++i) all.push_back(texts.text(i));
    return all;
}

std::vector<std::string> complex_texts(const ArrayLayout& layout, std::span<const char* const> items, bool& rounded) {
    const int half = static_cast<int>(layout.item_size / 2);
    std::vector<Real> reals;
    std::vector<Real> imaginaries;
    for (const char* item : items) {
        reals.push_back(load_real(item, half, layout.is_native()));
        imaginaries.push_back(load_real(item + half, half, layout.is_native()));
    }
    const FloatTexts real_texts(std::move(reals), false);
    const FloatTexts imaginary_texts(std::move(imaginaries), true);
    rounded = real_texts.rounds() || imaginary_texts.rounds();
    std::vector<std::string> all;
    for (size_t i = 0; i < items.size(); ++i) {
        std::string imaginary = imaginary_texts.text(i);
        imaginary.insert(imaginary.find_last_not_of(' ') + 1, 1, 'j');
        all.push_back(real_texts.text(i) + imaginary);
    }
    return all;
}

void widen(std::vector<std::string>& texts) {
    size_t width = 0;
    for (const std::string& text : texts) width = std::max(width, text.size());
    for (std::string& text : texts) text.insert(0, width - text.size(), ' ');
}

}  // namespace

std::string whole_number_text(const char* item, Py_ssize_t size, bool is_signed, bool is_native) {
    uint64_t bits = 0;
    for (Py_ssize_t i = 0; i < size; ++i) {
        const auto byte = static_cast<unsigned char>(item[is_native ? i : size - 1 - i]);
        bits |= uint64_t{byte} << (8 * i);
    }
    if (!is_signed) return std::to_string(bits);
    const int unused = 64 - 8 * static_cast<int>(size);
    return std::to_string(static_cast<int64_t>(bits << unused) >> unused);
}

std::string scalar_float_text(const char* item, int size) {
    const Real real = load_real(item, size, true);
    if (std::isnan(real.value)) return "nan";
    if (std::isinf(real.value)) return real.value < 0 ? "-inf" : "inf";
    const double magnitude = std::fabs(real.value);
    if (magnitude == 0 || (magnitude < 1e16 && magnitude >= 1e-4)) {
        const Parts parts = positional(real, 400);
        return parts.whole + '.' + (parts.fraction.empty() ? "0" : parts.fraction);
    }
    const Parts parts = scientific(real, 17);
    return parts.whole + (parts.fraction.empty() ? "" : "." + parts.fraction) + 'e' + parts.exponent;
}

std::vector<std::string> number_texts(const ArrayLayout& layout, std::span<const char* const> items, bool& rounded) {
    rounded = false;
    const auto fits = [&](std::initializer_list<Py_ssize_t> sizes) {
        return std::find(sizes.begin(), sizes.end(), layout.item_size) != sizes.end();
    };
    if (layout.kind == 'f' && fits({2, 4, 8})) return float_texts(layout, items, rounded);
    if (layout.kind == 'c' && fits({8, 16})) return complex_texts(layout, items, rounded);
    std::vector<std::string> texts;
    if (layout.kind == 'b') {
        for (const char* item : items) {
            const bool is_alone = layout.dimensions == 0;
            texts.push_back(*item ? (is_alone ? "True" : " True") : "False");
        }
    } else if ((layout.kind == 'i' || layout.kind == 'u') && fits({1, 2, 4, 8})) {
        for (const char* item : items) {
            texts.push_back(whole_number_text(item, layout.item_size, layout.kind == 'i', layout.is_native()));
        }
        widen(texts);
    }
    return texts;
}

}  // namespace tracemill::trace
