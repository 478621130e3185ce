#include "trace/library_column.h"

#include <algorithm>

#include "python/instance_fields.h"
#include "trace/library_array_text.h"
#include "trace/library_class.h"
#include "trace/program_class.h"

namespace tracemill::trace {
namespace {

using python::Owned;
using Kind = Column::Kind;

// One row of an array of columns.
void take_row(ArrayLayout& layout, Py_ssize_t row) {
    if (layout.dimensions != 2 || row < 0 || row >= layout.shape[0]) return;
    layout.data += row * layout.strides[0];
    layout.size = layout.shape[1];
    layout.dimensions = 1;
    ++layout.shape;
    ++layout.strides;
}

PyObject* borrowed_field(PyObject* object, const char* name) { return tm_field_named(object, name); }

bool are_arrays(const std::vector<Column>& parts) {
    return std::all_of(parts.begin(), parts.end(),
                       [](const Column& part) { return part.kind == Kind::kArray || part.kind == Kind::kRange; });
}

// Of several arrays of NumPy's; of kind kOther where one of them is anything else.
Column made_of(PyObject* owner, Kind kind, std::vector<Column> parts) {
    Column column;
    column.owner = Owned::share(owner);
    column.kind = !parts.empty() && are_arrays(parts) ? kind : Kind::kOther;
    if (column.kind != Kind::kOther) column.parts = std::move(parts);
    return column;
}

Column two_fields(PyObject* owner, Kind kind, PyObject* first, PyObject* second) {
    std::vector<Column> parts;
    for (PyObject* field : {first, second}) {
        if (field) parts.push_back(column_of(field, 0));
    }
    if (parts.size() != 2) kind = Kind::kOther;
    return made_of(owner, kind, std::move(parts));
}

Column sparse_column(PyObject* owner, PyObject* values) {
    PyObject* index = borrowed_field(owner, "_sparse_index");
    const Owned places = index ? Owned::steal(c_attribute(index, interned<"indices">())) : Owned();
    return two_fields(owner, Kind::kSparse, values, places.get());
}

// Numbers that a dtype gives their meaning.
Column backed_column(PyObject* owner, const Owned& array, Py_ssize_t row) {
    const Owned dtype = Owned::steal(c_attribute(owner, interned<"_dtype">()));
    Column values = column_of(array.get(), row);
    if (!dtype || !PyType_HasFeature(Py_TYPE(dtype.get()), Py_TPFLAGS_HEAPTYPE)) return values;
    std::vector<Column> parts;
    if (PyObject* categories = borrowed_field(dtype.get(), "_categories")) {
        parts.push_back(std::move(values));
        parts.push_back(labels_of(categories));
        return made_of(owner, Kind::kCategories, std::move(parts));
    }
    const bool has_periods = borrowed_field(dtype.get(), "_freq");
    if (!has_periods && !borrowed_field(dtype.get(), "_tz")) return values;
    parts.push_back(std::move(values));
    return made_of(owner, has_periods ? Kind::kPeriods : Kind::kZoned, std::move(parts));
}

// What an index of several levels keeps of each: which label stands where, and the labels.
Column levels_of(PyObject* index) {
    PyObject* levels = borrowed_field(index, "_levels");
    PyObject* codes = borrowed_field(index, "_codes");
    if (!levels || !codes || !PyList_Check(levels) || !PyList_Check(codes)) return {};
    std::vector<Column> parts;
    for (Py_ssize_t i = 0; i < std::min(PyList_GET_SIZE(levels), PyList_GET_SIZE(codes)); ++i) {
        parts.push_back(column_of(PyList_GET_ITEM(codes, i), 0));
        parts.push_back(labels_of(PyList_GET_ITEM(levels, i)));
    }
    return made_of(index, Kind::kLevels, std::move(parts));
}

bool is_missing(const Column& column, Py_ssize_t number) {
    return column.kind == Kind::kMasked && whole_number(column.parts[1].layout, number) != 0;
}

// The number of a label among those of its level, or of its category; -1: none.
bool tell_label(const Column& codes, const Column& labels, Py_ssize_t number, LibraryParts& parts) {
    const int64_t code = whole_number(codes.layout, number);
    return code < 0 || code >= labels.size() ? parts.text("nan")
                                             : tell_item(labels, static_cast<Py_ssize_t>(code), parts);
}

PyObject* dtype_field(const Column& column, const char* name) {
    PyObject* dtype = borrowed_field(column.owner.get(), "_dtype");
    return dtype ? borrowed_field(dtype, name) : nullptr;
}

// `[`, `(`: on which sides the ends of an interval belong to it.
bool is_closed(const Column& column, const char* side) {
    PyObject* closed = dtype_field(column, "_closed");
    return closed && PyUnicode_Check(closed) &&
           (PyUnicode_CompareWithASCIIString(closed, side) == 0 ||
            PyUnicode_CompareWithASCIIString(closed, "both") == 0);
}

// What the items that show are made from; what stands at their ends may be any of the labels.
bool cover(const Column& column, bool all, LibraryParts& parts) {
    if (column.kind == Kind::kArray) return parts.array(column.layout, column.array.get(), {"", all});
    if (column.kind == Kind::kRange || column.kind == Kind::kOther) return parts.value(column.owner.get());
    const bool has_labels = column.kind == Kind::kCategories || column.kind == Kind::kLevels;
    for (size_t i = 0; i < column.parts.size(); ++i) {
        if (!cover(column.parts[i], all || (has_labels && i % 2 == 1), parts)) return false;
    }
    PyObject* closed = column.kind == Kind::kIntervals ? dtype_field(column, "_closed") : nullptr;
    return !closed || parts.value(closed);
}

bool is_usual(const ArrayLayout& layout) {
    const std::string dtype = dtype_text(layout);
    return dtype.empty() || dtype == "object";
}

bool tell_items(const Column& column, bool all, LibraryParts& parts) {
    const std::function<bool()> covers = [&] { return cover(column, all, parts); };
    const std::function<bool(Py_ssize_t)> item = [&](Py_ssize_t number) { return tell_item(column, number, parts); };
    return parts.made_items({column.size(), all, covers, item});
}

// Those of the categories are shown beside the items.
bool tell_categories(const Column& column, LibraryParts& parts) {
    const Column& labels = column.parts[1];
    const Owned dtype = Owned::steal(c_attribute(column.owner.get(), interned<"_dtype">()));
    PyObject* ordered = dtype ? borrowed_field(dtype.get(), "_ordered") : nullptr;
    return parts.text(", categories=") && tell_column(labels, shows_all(labels, parts.max_chars()), parts) &&
           (ordered != Py_True || parts.text(", ordered=True"));
}

bool tell_names(const Column& column, LibraryParts& parts) {
    PyObject* names = borrowed_field(column.owner.get(), "_names");
    if (!names || !PyList_Check(names)) return true;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(names); ++i) {
        if (PyList_GET_ITEM(names, i) != Py_None) return parts.text(", names=") && parts.value(names);
    }
    return true;
}

bool tell_sparse(const Column& column, bool all, LibraryParts& parts) {
    PyObject* fill = dtype_field(column, "_fill_value");
    return tell_column(column.parts[0], all, parts) && parts.text(", indices=") &&
           tell_column(column.parts[1], all, parts) && parts.text(", length=" + std::to_string(column.size())) &&
           (!fill || (parts.text(", fill_value=") && parts.value(fill)));
}

std::string_view last_name(PyTypeObject* type) {
    const std::string_view name = type->tp_name;
    const size_t dot = name.rfind('.');
    return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

// By its name, where one of the library's own classes keeps it; a class of the program's is not asked.
bool tell_zone(PyObject* zone, LibraryParts& parts) {
    const bool is_static = !(Py_TYPE(zone)->tp_flags & Py_TPFLAGS_HEAPTYPE);
    if (is_static && last_name(Py_TYPE(zone)) == "timezone") {
        const Owned name = Owned::steal(PyObject_Str(zone));
        PyErr_Clear();
        return !name || parts.value(name.get());
    }
    const Owned key = Owned::steal(c_attribute(zone, interned<"key">()));
    PyObject* name = key ? key.get() : borrowed_field(zone, "zone");
    if (name && PyUnicode_CheckExact(name)) return parts.value(name);
    return parts.text(last_name(Py_TYPE(zone)));
}

// The moments are shown as those of UTC.
bool tell_zone_of(const Column& column, LibraryParts& parts) {
    const Owned dtype = Owned::steal(c_attribute(column.owner.get(), interned<"_dtype">()));
    PyObject* zone = dtype ? borrowed_field(dtype.get(), "_tz") : nullptr;
    if (!zone) return true;
    const Owned held = Owned::share(zone);
    return parts.text(", utc=True, tz=") && tell_zone(zone, parts);
}

bool tell_frequency_of(const Column& column, LibraryParts& parts) {
    const Owned dtype = Owned::steal(c_attribute(column.owner.get(), interned<"_dtype">()));
    return tell_frequency(dtype ? borrowed_field(dtype.get(), "_freq") : nullptr, parts);
}

}  // namespace

// `MonthEnd(1)`: a type of pandas written in C, which never changes.
bool tell_frequency(PyObject* frequency, LibraryParts& parts) {
    if (!frequency || frequency == Py_None || is_program_class(Py_TYPE(frequency))) return true;
    const Owned count = Owned::steal(c_attribute(frequency, interned<"n">()));
    return parts.text(", freq=") && parts.text(last_name(Py_TYPE(frequency))) &&
           (!count || (parts.text("(") && parts.value(count.get()) && parts.text(")")));
}

Py_ssize_t Column::size() const {
    switch (kind) {
        case Kind::kNone:
        case Kind::kOther:
            return 0;
        case Kind::kArray:
            return layout.size;
        case Kind::kRange: {
            const Py_ssize_t length = PyObject_Size(owner.get());
            PyErr_Clear();
            return std::max<Py_ssize_t>(length, 0);
        }
        case Kind::kSparse: {
            PyObject* index = tm_field_named(owner.get(), "_sparse_index");
            const Owned length = index ? Owned::steal(c_attribute(index, interned<"length">())) : Owned();
            const Py_ssize_t number = length && PyLong_Check(length.get()) ? PyLong_AsSsize_t(length.get()) : 0;
            PyErr_Clear();
            return std::max<Py_ssize_t>(number, 0);
        }
        default:
            return parts.front().size();
    }
}

Column column_of(PyObject* values, Py_ssize_t row) {
    Column column;
    column.kind = Kind::kArray;
    column.owner = Owned::share(values);
    if (read_array(values, column.layout)) {
        column.array = Owned::share(values);
        take_row(column.layout, row);
        return column;
    }
    if (PyObject* mask = borrowed_field(values, "_mask")) {
        return two_fields(values, Kind::kMasked, borrowed_field(values, "_data"), mask);
    }
    if (PyObject* left = borrowed_field(values, "_left")) {
        return two_fields(values, Kind::kIntervals, left, borrowed_field(values, "_right"));
    }
    if (PyObject* sparse = borrowed_field(values, "_sparse_values")) return sparse_column(values, sparse);
    const Owned array = Owned::steal(c_attribute(values, interned<"_ndarray">()));
    ArrayLayout layout;
    if (array && read_array(array.get(), layout)) return backed_column(values, array, row);
    column.kind = Kind::kOther;
    return column;
}

Column labels_of(PyObject* index) {
    PyObject* range = borrowed_field(index, "_range");
    if (range && PyRange_Check(range)) {
        Column column;
        column.kind = Kind::kRange;
        column.owner = Owned::share(range);
        return column;
    }
    PyObject* values = borrowed_field(index, "_data");
    return values ? column_of(values, 0) : levels_of(index);
}

bool tell_content(const Column& column, bool all, LibraryParts& parts) {
    switch (column.kind) {
        case Kind::kRange:
        case Kind::kOther:
            return parts.value(column.owner.get());
        case Kind::kArray: {
            const bool usual = is_usual(column.layout) || column.layout.size == 0;
            return parts.array(column.layout, column.array.get(), {usual ? "" : "array", all});
        }
        case Kind::kCategories:
            return tell_items(column, all, parts) && tell_categories(column, parts);
        case Kind::kLevels:
            return tell_items(column, all, parts) && tell_names(column, parts);
        case Kind::kSparse:
            return tell_sparse(column, all, parts);
        case Kind::kPeriods:
            return tell_column(column.parts[0], all, parts) && tell_frequency_of(column, parts);
        case Kind::kZoned:
            return tell_column(column.parts[0], all, parts) && tell_zone_of(column, parts);
        default:
            return tell_items(column, all, parts);
    }
}

bool tell_column(const Column& column, bool all, LibraryParts& parts) {
    if (!column.has_own_class()) return tell_content(column, all, parts);
    return parts.name(reinterpret_cast<PyHeapTypeObject*>(Py_TYPE(column.owner.get()))->ht_name) && parts.text("(") &&
           tell_content(column, all, parts) && parts.text(")");
}

bool tell_item(const Column& column, Py_ssize_t number, LibraryParts& parts) {
    switch (column.kind) {
        case Kind::kArray:
            return write_item(column.layout, number, parts);
        case Kind::kRange: {
            const Owned item = Owned::steal(PySequence_GetItem(column.owner.get(), number));
            PyErr_Clear();
            return item && parts.value(item.get());
        }
        case Kind::kMasked:
            return is_missing(column, number) ? parts.text("<NA>") : tell_item(column.parts[0], number, parts);
        case Kind::kCategories:
            return tell_label(column.parts[0], column.parts[1], number, parts);
        case Kind::kLevels: {
            if (!parts.text("(")) return false;
            for (size_t i = 0; i < column.parts.size(); i += 2) {
                if (i != 0 && !parts.text(", ")) return false;
                if (!tell_label(column.parts[i], column.parts[i + 1], number, parts)) return false;
            }
            return parts.text(")");
        }
        case Kind::kZoned:
            return tell_item(column.parts[0], number, parts);
        case Kind::kIntervals:
            return parts.text(is_closed(column, "left") ? "[" : "(") && tell_item(column.parts[0], number, parts) &&
                   parts.text(", ") && tell_item(column.parts[1], number, parts) &&
                   parts.text(is_closed(column, "right") ? "]" : ")");
        default:
            return parts.text(std::to_string(number));
    }
}

bool tell_shape(const Column& column, const Column& labels, LibraryParts& parts) {
    return parts.derived([&] {
        std::vector<const Column*> all{&column};
        if (labels && labels.kind != Kind::kOther) all.push_back(&labels);
        const auto digest = digest_of(all);
        const std::string shape = "shape=(" + std::to_string(column.size()) + ",)";
        return digest ? shape + ", digest=" + digest_text(*digest) : shape;
    });
}

}  // namespace tracemill::trace
