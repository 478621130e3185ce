#include "trace/library_frame.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <vector>

#include "python/instance_fields.h"
#include "python/ref.h"
#include "trace/library_class.h"

namespace tracemill::trace {
namespace {

using python::Owned;

// More would take too long to look at for every event; what a column holds beyond shows by its ends.
constexpr Py_ssize_t kMostObjects = 2048;

// A frame that has more is shown by pandas.
constexpr Py_ssize_t kMostColumns = 1 << 12;

// Values in memory of NumPy's, or in another kind of pandas' arrays.
struct Column {
    Owned owner;
    Owned array;  // what the layout is of; empty: only the owner can say
    ArrayLayout layout;
};

// One row of an array of columns.
void take_row(ArrayLayout& layout, Py_ssize_t row) {
    if (layout.dimensions != 2 || row < 0 || row >= layout.shape[0]) return;
    layout.data += row * layout.strides[0];
    layout.size = layout.shape[1];
    layout.dimensions = 1;
    ++layout.shape;
    ++layout.strides;
}

Column column_of(PyObject* values, Py_ssize_t row) {
    Column column{Owned::share(values), Owned(), {}};
    Owned array = Owned::share(values);
    if (!read_array(values, column.layout)) {
        // Dates, text and the like are arrays of NumPy's in pandas' clothes; those that say by themselves what is
        // missing, and categories, are more than one array.
        if (tm_field_named(values, "_mask")) return column;
        array = Owned::steal(c_attribute(values, interned<"_ndarray">()));
        const Owned dtype = Owned::steal(c_attribute(values, interned<"_dtype">()));
        if (!array || (dtype && tm_field_named(dtype.get(), "_categories")) ||
            !read_array(array.get(), column.layout)) {
            return column;
        }
    }
    take_row(column.layout, row);
    column.array = std::move(array);
    return column;
}

bool is_usual(const ArrayLayout& layout) {
    const std::string dtype = dtype_text(layout);
    return dtype.empty() || dtype == "object";
}

bool tell_column(const Column& column, bool all, LibraryParts& parts) {
    if (!column.array) return parts.value(column.owner.get());
    const bool usual = is_usual(column.layout) || column.layout.size == 0;
    return parts.array(column.layout, column.array.get(), {usual ? "" : "array", all});
}

// The hash of what is no number is its address.
bool is_number(PyObject* object) {
    return PyFloat_CheckExact(object) && PyFloat_AS_DOUBLE(object) == PyFloat_AS_DOUBLE(object);
}

// Of text and numbers, by their content; empty for other objects.
std::optional<uint64_t> object_digest(const ArrayLayout& layout) {
    if (layout.size > kMostObjects) return std::nullopt;
    uint64_t digest = 1;
    bool known = true;
    for_each_item(layout, [&](const char* place) {
        PyObject* object = *reinterpret_cast<PyObject* const*>(place);
        known = object && (PyUnicode_CheckExact(object) || PyLong_CheckExact(object) || PyBool_Check(object) ||
                           object == Py_None || is_number(object));
        if (known) digest = std::rotl(digest, 7) * 0x9e3779b97f4a7c15u + static_cast<uint64_t>(PyObject_Hash(object));
        return known;
    });
    return known ? std::optional(digest) : std::nullopt;
}

std::optional<uint64_t> digest_of(const std::vector<Column>& columns) {
    uint64_t digest = 0;
    Py_ssize_t bytes = 0;
    Py_ssize_t objects = 0;
    for (const Column& column : columns) {
        if (!column.array) return std::nullopt;
        (column.layout.has_objects ? objects : bytes) +=
            column.layout.size * (column.layout.has_objects ? 1 : column.layout.item_size);
        if (bytes > kMostHashedBytes || objects > kMostObjects) return std::nullopt;
        const auto one = column.layout.has_objects ? object_digest(column.layout) : array_digest(column.layout);
        if (!one) return std::nullopt;
        digest = (std::rotl(digest, 23) ^ *one) * 0xbf58476d1ce4e5b9u;
    }
    return digest ^ (digest >> 32);
}

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

Py_ssize_t length_of(const Column& column) { return column.array ? column.layout.size : 0; }

// What an index holds: a range, or a column.
Column values_of_index(PyObject* index) {
    PyObject* values = tm_field_named(index, "_data");
    return values ? column_of(values, 0) : Column();
}

PyObject* range_of(PyObject* index) {
    PyObject* range = tm_field_named(index, "_range");
    return range && PyRange_Check(range) ? range : nullptr;
}

// `range(n)`, which is what an index is unless something else was asked for.
bool counts_from_zero(PyObject* index) {
    PyObject* range = range_of(index);
    PyObject* name = tm_field_named(index, "_name");
    if (!range || (name && name != Py_None)) return false;
    const Owned start = Owned::steal(PyObject_GetAttrString(range, "start"));
    const Owned step = Owned::steal(PyObject_GetAttrString(range, "step"));
    const bool usual = start && step && PyLong_AsLong(start.get()) == 0 && PyLong_AsLong(step.get()) == 1;
    PyErr_Clear();
    return usual;
}

bool tell_labels(PyObject* index, LibraryParts& parts, bool all) {
    if (PyObject* range = range_of(index)) return parts.value(range);
    const Column column = values_of_index(index);
    return column.array ? tell_column(column, all, parts) : parts.value(index);
}

bool tell_index_of(PyObject* index, LibraryParts& parts, bool all) {
    if (counts_from_zero(index)) return true;
    PyObject* name = tm_field_named(index, "_name");
    const bool is_plain = !name || name == Py_None;
    return parts.text(", index=") && (is_plain ? tell_labels(index, parts, all) : parts.value(index));
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

bool tell_class(PyObject* object, LibraryParts& parts) {
    return parts.name(reinterpret_cast<PyHeapTypeObject*>(Py_TYPE(object))->ht_name) && parts.text("(");
}

Told told(bool more) { return more ? Told::kWhole : Told::kStopped; }

bool tell_columns(const std::vector<Column>& columns, PyObject* labels, bool all, LibraryParts& parts) {
    const Column names = values_of_index(labels);
    for (size_t i = 0; i < columns.size(); ++i) {
        if (i != 0 && !parts.text(", ")) return false;
        const bool named = names.array && names.layout.kind == 'O' && i < static_cast<size_t>(names.layout.size);
        if (named) {
            PyObject* name = *reinterpret_cast<PyObject* const*>(names.layout.item(static_cast<Py_ssize_t>(i)));
            if (!name || !parts.value(name)) return false;
        } else if (names.array && names.layout.kind == 'i' && names.layout.item_size == 8) {
            const char* place = names.layout.item(static_cast<Py_ssize_t>(i));
            if (!parts.text(std::to_string(*reinterpret_cast<const int64_t*>(place)))) return false;
        } else if (!parts.text(std::to_string(i))) {
            return false;
        }
        if (!parts.text(": ") || !tell_column(columns[i], all, parts)) return false;
    }
    return true;
}

}  // namespace

Told tell_frame(PyObject* frame, LibraryParts& parts) {
    const Manager manager = manager_of(frame);
    if (!manager.is_known(2)) return Told::kUnknown;
    const Owned labels = Owned::share(PyList_GET_ITEM(manager.axes.get(), 0));
    const Owned index = Owned::share(PyList_GET_ITEM(manager.axes.get(), 1));
    std::vector<Column> columns;
    if (!take_columns(manager.blocks.get(), columns)) return Told::kUnknown;
    const auto count = static_cast<Py_ssize_t>(columns.size());
    const Py_ssize_t rows = columns.empty() ? 0 : length_of(columns.front());
    // A label takes about as much as an item.
    const bool all = shows_all_items((rows + 2) * count, parts.max_chars());
    if (!tell_class(frame, parts)) return Told::kStopped;
    if (!all) {
        const auto digest = digest_of(columns);
        if (!parts.text("shape=(" + std::to_string(rows) + ", " + std::to_string(count) + "), ")) return Told::kStopped;
        if (digest && !parts.text("digest=" + digest_text(*digest) + ", ")) return Told::kStopped;
    }
    return told(parts.text("{") && tell_columns(columns, labels.get(), all, parts) && parts.text("}") &&
                tell_index_of(index.get(), parts, all) && parts.text(")"));
}

Told tell_series(PyObject* series, LibraryParts& parts) {
    const Manager manager = manager_of(series);
    if (!manager.is_known(1) || PyTuple_GET_SIZE(manager.blocks.get()) != 1) return Told::kUnknown;
    const Owned values = Owned::steal(c_attribute(PyTuple_GET_ITEM(manager.blocks.get(), 0), interned<"values">()));
    if (!values) return Told::kUnknown;
    const Column column = column_of(values.get(), 0);
    const Owned index = Owned::share(PyList_GET_ITEM(manager.axes.get(), 0));
    const bool all = shows_all_items(length_of(column), parts.max_chars());
    if (!tell_class(series, parts)) return Told::kStopped;
    if (!all) {
        const std::optional<uint64_t> digest =
            column.layout.has_objects ? object_digest(column.layout) : array_digest(column.layout);
        if (!parts.text("shape=" + shape_text(column.layout) + ", ")) return Told::kStopped;
        if (digest && !parts.text("digest=" + digest_text(*digest) + ", ")) return Told::kStopped;
    }
    return told(tell_column(column, all, parts) && tell_index_of(index.get(), parts, all) && tell_name(series, parts) &&
                parts.text(")"));
}

Told tell_index(PyObject* index, LibraryParts& parts) {
    PyObject* range = range_of(index);
    const Column column = range ? Column() : values_of_index(index);
    if (!range && !column.array) return Told::kUnknown;
    const bool all = shows_all_items(length_of(column), parts.max_chars());
    return told(tell_class(index, parts) && (range ? parts.value(range) : tell_column(column, all, parts)) &&
                tell_name(index, parts) && parts.text(")"));
}

}  // namespace tracemill::trace
