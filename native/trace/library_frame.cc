#include "trace/library_frame.h"

#include <algorithm>
#include <string>
#include <vector>

#include "python/instance_fields.h"
#include "python/ref.h"
#include "trace/library_class.h"
#include "trace/library_column.h"
#include "trace/library_walk.h"

namespace tracemill::trace {
namespace {

using python::Owned;

// A frame that has more is shown by pandas.
constexpr Py_ssize_t kMostColumns = 1 << 12;

// The numbers of a block's columns: a slice, or an array.
std::vector<Py_ssize_t> places_of(PyObject* block) {
    std::vector<Py_ssize_t> places;
    const Owned placement = Owned::steal(c_attribute(block, interned<"_mgr_locs">()));
    const Owned indexer = placement ? Owned::steal(c_attribute(placement.get(), interned<"indexer">())) : Owned();
    if (!indexer) return places;
    ArrayLayout layout;
    if (read_array(indexer.get(), layout) && layout.kind == 'i' && layout.item_size == sizeof(Py_ssize_t)) {
        for_each_item(layout, [&](const char* place) {
            places.push_back(*reinterpret_cast<const Py_ssize_t*>(place));
            return true;
        });
    } else if (PySlice_Check(indexer.get())) {
        Py_ssize_t start = 0;
        Py_ssize_t stop = 0;
        Py_ssize_t step = 0;
        if (PySlice_Unpack(indexer.get(), &start, &stop, &step) == 0 && step > 0) {
            for (; start < stop; start += step) places.push_back(start);
        }
    }
    PyErr_Clear();
    return places;
}

// False where pandas keeps its columns in some other way.
bool take_columns(PyObject* blocks, std::vector<Column>& columns) {
    for (Py_ssize_t b = 0; b < PyTuple_GET_SIZE(blocks); ++b) {
        PyObject* block = PyTuple_GET_ITEM(blocks, b);
        const Owned values = Owned::steal(c_attribute(block, interned<"values">()));
        if (!values) return false;
        Py_ssize_t row = 0;
        for (const Py_ssize_t place : places_of(block)) {
            if (place < 0 || place >= kMostColumns) return false;
            const auto at = static_cast<size_t>(place);
            if (at >= columns.size()) columns.resize(at + 1);
            columns[at] = column_of(values.get(), row++);
        }
    }
    return std::all_of(columns.begin(), columns.end(),
                       [](const Column& column) { return static_cast<bool>(column.owner); });
}

bool has_name(PyObject* index) {
    PyObject* name = tm_field_named(index, "_name");
    return name && name != Py_None;
}

// `range(n)`, which is what an index is unless something else was asked for.
bool counts_from_zero(PyObject* index) {
    PyObject* range = tm_field_named(index, "_range");
    if (!range || !PyRange_Check(range) || has_name(index)) return false;
    const Owned start = Owned::steal(PyObject_GetAttrString(range, "start"));
    const Owned step = Owned::steal(PyObject_GetAttrString(range, "step"));
    const bool usual = start && step && PyLong_AsLong(start.get()) == 0 && PyLong_AsLong(step.get()) == 1;
    PyErr_Clear();
    return usual;
}

// Whole where nothing but the labels is to be said.
bool tell_labels(PyObject* index, const Column& labels, bool all, LibraryParts& parts) {
    return labels && !has_name(index) ? tell_column(labels, all, parts) : parts.value(index);
}

bool tell_index_of(PyObject* index, const Column& labels, LibraryParts& parts, bool all) {
    return counts_from_zero(index) || (parts.text(", index=") && tell_labels(index, labels, all, parts));
}

// Labels of columns stand before each; what else they say stands here.
bool tell_columns_index(PyObject* index, const Column& labels, LibraryParts& parts) {
    const bool says_more = has_name(index) || labels.kind == Column::Kind::kLevels;
    return !says_more || (parts.text(", columns=") && parts.value(index));
}

// What pandas keeps in the fields of frames, series, indexes and arrays.
constexpr const char* kPandasFields[] = {
    "_mgr",        "_attrs", "_flags", "_item_cache", "_is_copy",  "_name",          "_cache",        "_id",
    "_references", "_data",  "_range", "_levels",     "_codes",    "_names",         "_dtype",        "_mask",
    "sortorder",   "_left",  "_right", "_closed",     "_readonly", "_sparse_values", "_sparse_index",
};

// What a program wrote beside the values.
bool tell_attributes(PyObject* object, LibraryParts& parts) {
    PyObject* attributes = tm_field_named(object, "_attrs");
    const bool has_any = attributes && PyDict_CheckExact(attributes) && PyDict_GET_SIZE(attributes) != 0;
    return (!has_any || (parts.text(", attrs=") && parts.value(attributes))) &&
           tell_added_fields(object, parts, [](PyObject* name) { return is_one_of(name, kPandasFields); });
}

struct Manager {
    Owned blocks;
    Owned axes;

    bool is_known(Py_ssize_t dimensions) const {
        return blocks && axes && PyTuple_CheckExact(blocks.get()) && PyList_CheckExact(axes.get()) &&
               PyList_GET_SIZE(axes.get()) == dimensions;
    }
};

Manager manager_of(PyObject* object) {
    PyObject* manager = tm_field_named(object, "_mgr");
    if (!manager) return {};
    const Owned held = Owned::share(manager);
    return {Owned::steal(c_attribute(manager, interned<"blocks">())),
            Owned::steal(c_attribute(manager, interned<"axes">()))};
}

bool tell_name(PyObject* object, LibraryParts& parts) {
    PyObject* name = tm_field_named(object, "_name");
    if (!name || name == Py_None) return true;
    const Owned held = Owned::share(name);
    return parts.text(", name=") && parts.value(name);
}

Told told(bool more) { return more ? Told::kWhole : Told::kStopped; }

// `names` where the columns are not just numbered.
bool tell_columns(const std::vector<Column>& columns, const Column* names, bool all, LibraryParts& parts) {
    for (size_t i = 0; i < columns.size(); ++i) {
        const auto number = static_cast<Py_ssize_t>(i);
        if (i != 0 && !parts.text(", ")) return false;
        if (!(names ? tell_item(*names, number, parts) : parts.text(std::to_string(i)))) return false;
        if (!parts.text(": ") || !tell_column(columns[i], all, parts)) return false;
    }
    return true;
}

// A label takes about as much as an item.
bool shows_all_columns(const std::vector<Column>& columns, Py_ssize_t rows, const Column& index, uint64_t max_chars) {
    if (!shows_all_items((rows + 2) * static_cast<Py_ssize_t>(columns.size()), max_chars)) return false;
    if (max_chars == 0 || rows <= 2) return true;
    uint64_t chars = index ? most_chars(index) : 0;
    for (const Column& column : columns) chars += most_chars(column) + 6;
    return chars <= max_chars;
}

// Of everything that a frame holds, its labels among it.
std::string frame_digest(const std::vector<Column>& columns, const Column& names, const Column& index) {
    std::vector<const Column*> all;
    for (const Column& column : columns) all.push_back(&column);
    for (const Column* labels : {&names, &index}) {
        if (*labels && labels->kind != Column::Kind::kOther) all.push_back(labels);
    }
    const auto digest = digest_of(all);
    return digest ? "digest=" + digest_text(*digest) + ", " : "";
}

}  // namespace

Told tell_frame(PyObject* frame, LibraryParts& parts) {
    const Manager manager = manager_of(frame);
    if (!manager.is_known(2)) return Told::kUnknown;
    const Owned names_index = Owned::share(PyList_GET_ITEM(manager.axes.get(), 0));
    const Owned rows_index = Owned::share(PyList_GET_ITEM(manager.axes.get(), 1));
    std::vector<Column> columns;
    if (!take_columns(manager.blocks.get(), columns)) return Told::kUnknown;
    const Column names = labels_of(names_index.get());
    const Column index = labels_of(rows_index.get());
    const auto count = static_cast<Py_ssize_t>(columns.size());
    const bool is_named =
        names && names.kind != Column::Kind::kOther && names.size() == count && !counts_from_zero(names_index.get());
    const Py_ssize_t rows = columns.empty() ? 0 : columns.front().size();
    const bool all = shows_all_columns(columns, rows, index, parts.max_chars());
    if (!tell_class(frame, parts)) return Told::kStopped;
    if (!all && !(parts.text("shape=(" + std::to_string(rows) + ", " + std::to_string(count) + "), ") &&
                  parts.derived([&] { return frame_digest(columns, names, index); }))) {
        return Told::kStopped;
    }
    return told(parts.text("{") && tell_columns(columns, is_named ? &names : nullptr, all, parts) && parts.text("}") &&
                tell_index_of(rows_index.get(), index, parts, all) &&
                tell_columns_index(names_index.get(), names, parts) && tell_attributes(frame, parts) &&
                parts.text(")"));
}

Told tell_series(PyObject* series, LibraryParts& parts) {
    const Manager manager = manager_of(series);
    if (!manager.is_known(1) || PyTuple_GET_SIZE(manager.blocks.get()) != 1) return Told::kUnknown;
    const Owned values = Owned::steal(c_attribute(PyTuple_GET_ITEM(manager.blocks.get(), 0), interned<"values">()));
    if (!values) return Told::kUnknown;
    const Column column = column_of(values.get(), 0);
    const Owned index = Owned::share(PyList_GET_ITEM(manager.axes.get(), 0));
    const Column labels = labels_of(index.get());
    const bool all = shows_all(column, parts.max_chars()) &&
                     (parts.max_chars() == 0 || column.size() <= 2 * ArrayLayout::kEnds ||
                      most_chars(column) + (labels ? most_chars(labels) : 0) <= parts.max_chars());
    if (!tell_class(series, parts)) return Told::kStopped;
    if (!all && !(tell_shape(column, labels, parts) && parts.text(", "))) return Told::kStopped;
    return told(tell_column(column, all, parts) && tell_index_of(index.get(), labels, parts, all) &&
                tell_name(series, parts) && tell_attributes(series, parts) && parts.text(")"));
}

Told tell_index(PyObject* index, LibraryParts& parts) {
    const Column column = labels_of(index);
    if (!column || column.kind == Column::Kind::kOther) return Told::kUnknown;
    const bool all = shows_all(column, parts.max_chars());
    if (!tell_class(index, parts)) return Told::kStopped;
    if (!all && !(tell_shape(column, {}, parts) && parts.text(", "))) return Told::kStopped;
    const bool told_names = column.kind == Column::Kind::kLevels;
    // Its class says what that of its values would.
    const bool is_told_by_class = told_names || column.kind == Column::Kind::kZoned;
    // Before pandas 3 its values have it.
    PyObject* values = tm_field_named(index, "_data");
    PyObject* frequency = tm_field_named(index, "_freq");
    if (!frequency && values) frequency = tm_field_named(values, "_freq");
    const Owned held = Owned::share(frequency);
    return told((is_told_by_class ? tell_content(column, all, parts) : tell_column(column, all, parts)) &&
                tell_frequency(frequency, parts) && (told_names || tell_name(index, parts)) && parts.text(")"));
}

Told tell_extension_array(PyObject* array, LibraryParts& parts) {
    const Column column = column_of(array, 0);
    if (!column || column.kind == Column::Kind::kOther) return Told::kUnknown;
    const bool all = shows_all(column, parts.max_chars());
    if (!tell_class(array, parts)) return Told::kStopped;
    if (!all && !(tell_shape(column, {}, parts) && parts.text(", "))) return Told::kStopped;
    return told(tell_content(column, all, parts) && parts.text(")"));
}

}  // namespace tracemill::trace
