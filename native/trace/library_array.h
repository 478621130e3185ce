// NumPy's arrays, read from their memory: no method is called, no buffer exported and no reference taken, so that
// nobody can tell. `a.resize()` asks how many references there are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "python/compat.h"

namespace tracemill::trace {

// Valid until Python code runs.
struct ArrayLayout {
    static constexpr int kMaxDimensions = 64;  // NumPy's own bound

    static constexpr Py_ssize_t kEnds = 3;  // items that show at both ends of what is too long

    const char* data = nullptr;
    int dimensions = 0;
    const Py_ssize_t* shape = nullptr;
    const Py_ssize_t* strides = nullptr;
    PyObject* dtype = nullptr;
    char kind = 0;        // 'b' bool, 'i', 'u', 'f', 'c', 'O', 'S', 'U', 'M', 'm', 'V', others
    char byte_order = 0;  // '=' or '|': native; '<', '>'
    bool has_objects = false;
    int time_unit = -1;  // NumPy's number of it, of dates and durations that count single ones; -1: not known
    Py_ssize_t item_size = 0;
    Py_ssize_t size = 0;  // items

    bool is_native() const { return byte_order != '>'; }
    bool is_contiguous() const;
    // The item with this number in C order.
    const char* item(Py_ssize_t number) const;
};

// An instance of numpy.ndarray or of a subclass; false also where NumPy's memory is not laid out as we know it.
bool read_array(PyObject* object, ArrayLayout& layout);

// Calls `visit(const char* item)` for every item in C order, until it answers false.
template <typename Visit>
void for_each_item(const ArrayLayout& layout, Visit&& visit) {
    if (layout.size == 0) return;
    Py_ssize_t index[ArrayLayout::kMaxDimensions] = {};
    const int last = layout.dimensions - 1;
    const Py_ssize_t count = last < 0 ? 1 : layout.shape[last];
    const Py_ssize_t step = last < 0 ? 0 : layout.strides[last];
    const char* row = layout.data;
    for (;;) {
        for (Py_ssize_t i = 0; i < count; ++i) {
            if (!visit(row + i * step)) return;
        }
        int d = last - 1;
        for (; d >= 0; --d) {
            row += layout.strides[d];
            if (++index[d] < layout.shape[d]) break;
            row -= layout.strides[d] * layout.shape[d];
            index[d] = 0;
        }
        if (d < 0) return;
    }
}

// The whole number at a place in C order; of the bytes that this machine reads as one.
int64_t whole_number(const ArrayLayout& layout, Py_ssize_t number);

// Of a dtype itself: an array of nothing. False for those of records, dates and text.
bool read_dtype(PyObject* object, ArrayLayout& layout);

// The same for those too; but what they consist of.
bool read_any_dtype(PyObject* object, ArrayLayout& layout);

// What a dtype of records consists of, borrowed: the names, and a dict from each to a tuple of its dtype and place.
// False for other dtypes.
bool record_fields(PyObject* dtype, PyObject*& names, PyObject*& fields);

// Whether the text of the items is ours; NumPy's own for dates, records and what is rare.
bool has_shown_items(const ArrayLayout& layout);

// Of all items, the same for equal bytes in C order however they lie in memory; empty where that would take too long
// (more bytes, or more items that do not lie next to one another), and for objects. Bytes between the fields of records
// count too, though nobody set them.
constexpr Py_ssize_t kMostHashedBytes = 1 << 16;
constexpr Py_ssize_t kMostScatteredItems = 1 << 12;
std::optional<uint64_t> array_digest(const ArrayLayout& layout);

// Everything that the text of an array without objects shows: the digest where there is one, else the items that show.
// `ends_only`: those of a column, whose digest is told by itself.
uint64_t array_fingerprint(const ArrayLayout& layout, bool ends_only);

// As many as NumPy shows, where they have room: an item and what separates it from the next take three characters or
// more.
constexpr Py_ssize_t kMostItems = 1000;
inline bool shows_all_items(Py_ssize_t size, uint64_t max_chars) {
    return size <= 2 * ArrayLayout::kEnds ||
           (size <= kMostItems && (max_chars == 0 || static_cast<uint64_t>(size) * 3 <= max_chars));
}

// The eight digits that a text shows of a digest.
std::string digest_text(uint64_t digest);

// As in `shape=(2, 3)`.
std::string shape_text(const ArrayLayout& layout);

// As in `dtype=float32`; empty for those that the items' own text implies (and for those that only NumPy can name).
std::string dtype_text(const ArrayLayout& layout);

}  // namespace tracemill::trace
