// How much a column takes: whether it has room in a text, and its digest.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "trace/library_column.h"

namespace tracemill::trace {
namespace {

using Kind = Column::Kind;

// More would take too long to look at for every event; what a column holds beyond shows by its ends.
constexpr Py_ssize_t kMostObjects = 1024;

// The hash of what is no number is its address.
bool is_number(PyObject* object) {
    return PyFloat_CheckExact(object) && PyFloat_AS_DOUBLE(object) == PyFloat_AS_DOUBLE(object);
}

// By its content; false for objects that are no text or number.
bool hash_of(PyObject* object, uint64_t& hash) {
    if (!object) return false;
    if (PyUnicode_CheckExact(object)) {
        const Py_hash_t known = reinterpret_cast<const PyASCIIObject*>(object)->hash;
        hash = static_cast<uint64_t>(known != -1 ? known : PyObject_Hash(object));
        return true;
    }
    if (!PyLong_CheckExact(object) && !PyBool_Check(object) && object != Py_None && !is_number(object)) return false;
    hash = static_cast<uint64_t>(PyObject_Hash(object));
    return true;
}

// Two words that do not wait for one another.
std::optional<uint64_t> object_digest(const ArrayLayout& layout) {
    if (layout.size > kMostObjects) return std::nullopt;
    uint64_t digests[2] = {1, 2};
    size_t turn = 0;
    bool known = true;
    for_each_item(layout, [&](const char* place) {
        uint64_t hash = 0;
        known = hash_of(*reinterpret_cast<PyObject* const*>(place), hash);
        uint64_t& digest = digests[turn ^= 1];
        digest = (std::rotl(digest, 7) ^ hash) * 0x9e3779b97f4a7c15u;
        return known;
    });
    return known ? std::optional(digests[0] ^ std::rotl(digests[1], 32)) : std::nullopt;
}

struct Extent {
    Py_ssize_t bytes = 0;
    Py_ssize_t objects = 0;
    bool known = true;

    void add(const Column& column) {
        if (column.kind == Kind::kOther) known = false;
        if (column.kind == Kind::kArray && column.layout.has_objects) objects += column.layout.size;
        if (column.kind == Kind::kArray && !column.layout.has_objects)
            bytes += column.layout.size * column.layout.item_size;
        for (const Column& part : column.parts) add(part);
    }
    bool is_short() const { return known && bytes <= kMostHashedBytes && objects <= kMostObjects; }
};

void mix(uint64_t& digest, uint64_t word) { digest = (std::rotl(digest, 23) ^ word) * 0xbf58476d1ce4e5b9u; }

bool add_digest(const Column& column, uint64_t& digest) {
    if (column.kind == Kind::kArray) {
        const auto one = column.layout.has_objects ? object_digest(column.layout) : array_digest(column.layout);
        if (one) mix(digest, *one);
        return one.has_value();
    }
    return std::all_of(column.parts.begin(), column.parts.end(),
                       [&](const Column& part) { return add_digest(part, digest); });
}

constexpr uint64_t kMostCharsOfNumber = 26;

template <typename Float>
uint64_t most_chars_of_float(const char* place) {
    Float number = 0;
    std::memcpy(&number, place, sizeof number);
    const double hundreds = static_cast<double>(number) * 100;
    return std::fabs(hundreds) < 1e9 && hundreds == std::trunc(hundreds) ? 13 : kMostCharsOfNumber;
}

uint64_t most_chars_of_item(const ArrayLayout& layout, const char* place, uint64_t digits) {
    switch (layout.kind) {
        case 'b':
            return 7;
        case 'i':
        case 'u':
            return digits + 3;
        case 'f':
            return layout.item_size == 8   ? most_chars_of_float<double>(place)
                   : layout.item_size == 4 ? most_chars_of_float<float>(place)
                                           : kMostCharsOfNumber;
        case 'O': {
            PyObject* object = *reinterpret_cast<PyObject* const*>(place);
            return object && PyUnicode_CheckExact(object) ? static_cast<uint64_t>(PyUnicode_GET_LENGTH(object)) + 4 : 3;
        }
        case 'U':
            return static_cast<uint64_t>(layout.item_size) / 4 + 4;
        case 'S':
            return static_cast<uint64_t>(layout.item_size) + 5;
        default:
            return 2 * kMostCharsOfNumber;
    }
}

// Of the longest whole number.
uint64_t digits_of(const ArrayLayout& layout) {
    if ((layout.kind != 'i' && layout.kind != 'u') || !layout.is_native()) return kMostCharsOfNumber;
    uint64_t all = 0;
    for (Py_ssize_t i = 0; i < layout.size; ++i) {
        const int64_t number = whole_number(layout, i);
        all |= static_cast<uint64_t>(number < 0 && layout.kind == 'i' ? -(number + 1) : number);
    }
    if (layout.kind == 'u' && layout.item_size < 8) all &= (uint64_t{1} << (8 * layout.item_size)) - 1;
    // A digit has more than three bits.
    return static_cast<uint64_t>(std::bit_width(all)) / 3 + 1;
}

uint64_t most_chars_of(const ArrayLayout& layout) {
    const uint64_t digits = digits_of(layout);
    uint64_t chars = 0;
    for_each_item(layout, [&](const char* place) {
        chars += most_chars_of_item(layout, place, digits);
        return true;
    });
    return chars;
}

}  // namespace

uint64_t most_chars(const Column& column) {
    constexpr uint64_t kFramed = 40;  // the name of a class and what it says besides
    switch (column.kind) {
        case Kind::kArray:
            return most_chars_of(column.layout);
        case Kind::kMasked:
            return kFramed + most_chars(column.parts[0]) + 4 * static_cast<uint64_t>(column.size());
        case Kind::kIntervals:
        case Kind::kSparse:
        case Kind::kPeriods:
        case Kind::kZoned:
            return kFramed + most_chars(column.parts[0]) + (column.parts.size() > 1 ? most_chars(column.parts[1]) : 0) +
                   4 * static_cast<uint64_t>(column.size());
        case Kind::kCategories:
        case Kind::kLevels: {
            uint64_t chars = kFramed;
            for (size_t i = 1; i < column.parts.size(); i += 2) {
                const auto labels = static_cast<uint64_t>(std::max<Py_ssize_t>(column.parts[i].size(), 1));
                const uint64_t all = most_chars(column.parts[i]);
                chars += all + static_cast<uint64_t>(column.size()) * (all / labels + 3);
            }
            return chars;
        }
        default:
            return kFramed;
    }
}

bool shows_all(const Column& column, uint64_t max_chars) {
    const Py_ssize_t size = column.size();
    if (!shows_all_items(size, max_chars)) return false;
    return size <= 2 * ArrayLayout::kEnds || max_chars == 0 || most_chars(column) <= max_chars;
}

std::optional<uint64_t> digest_of(const std::vector<const Column*>& columns) {
    Extent extent;
    for (const Column* column : columns) extent.add(*column);
    if (!extent.is_short()) return std::nullopt;
    uint64_t digest = 0;
    for (const Column* column : columns) {
        if (!add_digest(*column, digest)) return std::nullopt;
    }
    return digest ^ (digest >> 32);
}

}  // namespace tracemill::trace
