// A column of pandas: values in memory of NumPy's, or one of pandas' own arrays, which are made of several of those.
#pragma once

#include <optional>
#include <vector>

#include "python/ref.h"
#include "trace/library_value.h"

namespace tracemill::trace {

// Valid until Python code runs.
struct Column {
    enum class Kind : uint8_t {
        kNone,
        kArray,
        kRange,       // of an index that counts
        kMasked,      // numbers, and which of them are missing
        kCategories,  // numbers of labels, the labels
        kLevels,      // the same for every level of an index
        kIntervals,   // left, right
        kSparse,      // values, their places
        kPeriods,     // numbers
        kZoned,       // moments
        kOther,       // only the owner can say
    };
    Kind kind = Kind::kNone;
    python::Owned owner;
    python::Owned array;  // what the layout is of
    ArrayLayout layout;
    std::vector<Column> parts;

    explicit operator bool() const { return kind != Kind::kNone; }
    bool has_own_class() const { return kind != Kind::kArray && kind != Kind::kRange && kind != Kind::kOther; }
    Py_ssize_t size() const;
};

// `row` of an array of several columns.
Column column_of(PyObject* values, Py_ssize_t row);

// The labels of an index.
Column labels_of(PyObject* index);

// Whether all items have room in a text of so many characters, 0 = unbounded; never fewer than they take, but for
// objects that are no texts.
uint64_t most_chars(const Column& column);
bool shows_all(const Column& column, uint64_t max_chars);

// Of all items, where that takes not too long: see kMostHashedBytes. Of several columns, of all of them.
std::optional<uint64_t> digest_of(const std::vector<const Column*>& columns);

// `[1, 2]`, `array([1, 2], dtype=int32)`, `IntegerArray([1, <NA>])`, `Categorical(['a'], categories=['a', 'b'])`. False
// to stop, as all.
bool tell_column(const Column& column, bool all, LibraryParts& parts);

// `, freq=Day(1)`, of pandas' frequency, which may be NULL or None.
bool tell_frequency(PyObject* frequency, LibraryParts& parts);

// One label.
bool tell_item(const Column& column, Py_ssize_t number, LibraryParts& parts);

// The same without the name of its class: `[1, <NA>]`, `['a'], categories=['a', 'b']`.
bool tell_content(const Column& column, bool all, LibraryParts& parts);

// `shape=(5,), digest=0123abcd`: of what is not shown whole, and of its labels where it has any.
bool tell_shape(const Column& column, const Column& labels, LibraryParts& parts);

}  // namespace tracemill::trace
