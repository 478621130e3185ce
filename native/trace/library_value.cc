#include "trace/library_value.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <optional>
#include <string>

#include "python/instance_fields.h"
#include "python/ref.h"
#include "trace/library_class.h"
#include "trace/library_frame.h"
#include "trace/library_graph.h"
#include "trace/library_number.h"
#include "trace/library_structure.h"
#include "trace/program_class.h"

namespace tracemill::trace {
namespace {

using python::Owned;

Told told(bool more) { return more ? Told::kWhole : Told::kStopped; }

// One of NumPy's own scalar types: `np.float64(1.5)`.
struct ScalarType {
    std::string_view name;
    char kind;
    Py_ssize_t size;
};

constexpr ScalarType kScalarTypes[] = {
    {"bool", 'b', 1},    {"bool_", 'b', 1},   {"int8", 'i', 1},    {"int16", 'i', 2},    {"int32", 'i', 4},
    {"int64", 'i', 8},   {"uint8", 'u', 1},   {"uint16", 'u', 2},  {"uint32", 'u', 4},   {"uint64", 'u', 8},
    {"float16", 'f', 2}, {"float32", 'f', 4}, {"float64", 'f', 8}, {"longlong", 'i', 8}, {"ulonglong", 'u', 8},
};

const ScalarType* scalar_type(PyTypeObject* type) {
    constexpr std::string_view kPrefix = "numpy.";
    if (type->tp_flags & Py_TPFLAGS_HEAPTYPE) return nullptr;
    const std::string_view name = type->tp_name;
    if (!name.starts_with(kPrefix)) return nullptr;
    for (const ScalarType& known : kScalarTypes) {
        if (name.substr(kPrefix.size()) == known.name) return &known;
    }
    return nullptr;
}

// The number lies right after the head, as in all of CPython's own.
Told tell_scalar(PyObject* object, const ScalarType& type, LibraryParts& parts) {
    const char* number = reinterpret_cast<const char*>(object) + sizeof(PyObject);
    if (type.kind == 'b') return told(parts.text(*number ? "np.True_" : "np.False_"));
    const std::function<std::string()> text = [&] {
        return type.kind == 'f' ? scalar_float_text(number, static_cast<int>(type.size))
                                : whole_number_text(number, type.size, type.kind == 'i', true);
    };
    return told(parts.text("np.") && parts.text(type.name) && parts.text("(") &&
                parts.number({number, static_cast<size_t>(type.size)}, text) && parts.text(")"));
}

bool tell_items(PyObject* object, const ArrayLayout& layout, std::string_view class_name, LibraryParts& parts) {
    return parts.array(layout, object, {class_name, shows_all_items(layout.size, parts.max_chars())});
}

// The mask is an array, or a scalar that says that there is none.
Told tell_masked(PyObject* object, const ArrayLayout& layout, LibraryParts& parts) {
    PyObject* mask = tm_field_named(object, "_mask");
    PyObject* fill = tm_field_named(object, "_fill_value");
    if (!mask) return Told::kUnknown;
    return told(parts.text("masked_array(data=") && tell_items(object, layout, "array", parts) &&
                parts.text(", mask=") && parts.value(mask) &&
                (!fill || fill == Py_None || (parts.text(", fill_value=") && parts.value(fill))) && parts.text(")"));
}

std::string_view array_class_name(PyTypeObject* type) {
    if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE)) return "array";
    PyObject* name = reinterpret_cast<PyHeapTypeObject*>(type)->ht_name;
    return PyUnicode_IS_ASCII(name) ? static_cast<const char*>(PyUnicode_DATA(name)) : "array";
}

// What the items do not say: of records the names and types of the fields, which a program may change in place.
bool tell_record_names(PyObject* dtype, LibraryParts& parts) {
    PyObject* names = nullptr;
    PyObject* fields = nullptr;
    if (!record_fields(dtype, names, fields)) return true;
    const Owned held_names = Owned::share(names);
    const Owned held_fields = Owned::share(fields);
    if (!parts.value(names)) return false;
    PyObject* name = nullptr;
    PyObject* field = nullptr;
    for (Py_ssize_t at = 0; PyDict_Next(fields, &at, &name, &field);) {
        if (!PyTuple_CheckExact(field) || PyTuple_GET_SIZE(field) < 2) continue;
        if (!tell_record_names(PyTuple_GET_ITEM(field, 0), parts)) return false;
    }
    return true;
}

// Whether NumPy's own text of what only it can write has room.
bool fits_as_numpy_writes_it(const ArrayLayout& layout, uint64_t max_chars) {
    constexpr uint64_t kMostCharsOfItem = 20;
    constexpr uint64_t kMostCharsOfField = 12;
    PyObject* names = nullptr;
    PyObject* fields = nullptr;
    uint64_t chars = kMostCharsOfItem;
    if (record_fields(layout.dtype, names, fields)) {
        chars = std::max(chars, kMostCharsOfField * static_cast<uint64_t>(PyTuple_GET_SIZE(names)));
    }
    return shows_all_items(layout.size, max_chars) &&
           (max_chars == 0 || layout.size <= 1 || static_cast<uint64_t>(layout.size) * chars <= max_chars);
}

// `array([(0, 0.5), (1, 0.5), (2, 0.5), ..., (899, 0.5)], shape=(900,), dtype=[('a', '<i4')], digest=35c9d2d4)`
bool tell_ends(PyObject* object, const ArrayLayout& layout, LibraryParts& parts) {
    const std::string_view name = array_class_name(Py_TYPE(object));
    const Owned items = Owned::steal(c_attribute(object, interned<"flat">()));
    if (!items) return false;
    const bool is_quoted = layout.kind == 'M';
    const std::function<bool()> cover = [&] {
        return parts.array(layout, object, {name, false}) && tell_record_names(layout.dtype, parts);
    };
    const std::function<bool(Py_ssize_t)> item = [&](Py_ssize_t number) {
        const Owned index = Owned::steal(PyLong_FromSsize_t(number));
        const Owned one = index ? Owned::steal(PyObject_GetItem(items.get(), index.get())) : Owned();
        PyErr_Clear();
        const std::string_view quote = is_quoted ? "'" : "";
        return one ? parts.text(quote) && parts.by_str(one.get()) && parts.text(quote) : parts.text("<unreprable>");
    };
    const Owned dtype = Owned::share(layout.dtype);
    const std::string_view quote = layout.kind == 'V' ? "" : "'";
    return parts.text(name) && parts.text("(") && parts.made_items({layout.size, false, cover, item}) &&
           parts.text(", shape=" + shape_text(layout) + ", dtype=") && parts.text(quote) && parts.by_str(dtype.get()) &&
           parts.text(quote) && parts.derived([&] {
               const auto digest = array_digest(layout);
               return digest ? ", digest=" + digest_text(*digest) : "";
           }) &&
           parts.text(")");
}

Told tell_array(PyObject* object, const ArrayLayout& layout, LibraryParts& parts) {
    const bool is_masked = family_of(Py_TYPE(object)) == LibraryFamily::kMaskedArray;
    if (!has_shown_items(layout)) {
        const bool is_whole = layout.has_objects || is_masked || fits_as_numpy_writes_it(layout, parts.max_chars());
        return is_whole ? Told::kUnknown : told(tell_ends(object, layout, parts));
    }
    if (is_masked) return tell_masked(object, layout, parts);
    return told(tell_items(object, layout, array_class_name(Py_TYPE(object)), parts));
}

Told tell_dtype(const ArrayLayout& layout, LibraryParts& parts) {
    const std::string name = layout.kind == 'O' ? "O" : dtype_text(layout);
    if (name.empty()) return Told::kUnknown;
    const bool quoted = name.front() == '\'';
    return told(parts.text("dtype(") && parts.text(quoted ? name : "'" + name + "'") && parts.text(")"));
}

// All of a dtype of records or dates that its repr may show; kUnknown for those of other packages.
Told tell_dtype_content(PyObject* dtype, const ArrayLayout& layout, LibraryParts& parts) {
    PyObject* names = nullptr;
    PyObject* fields = nullptr;
    const bool is_record = record_fields(dtype, names, fields);
    if (!is_record && layout.kind != 'S' && layout.kind != 'U' && layout.time_unit < 0) return Told::kUnknown;
    const char head[] = {layout.kind, layout.byte_order};
    if (!parts.text({head, sizeof head}) || !parts.text(std::to_string(layout.item_size)) ||
        !parts.text(std::to_string(layout.time_unit))) {
        return Told::kStopped;
    }
    if (!is_record) return Told::kWhole;
    const Owned held_names = Owned::share(names);
    const Owned held_fields = Owned::share(fields);
    return told(parts.value(names) && parts.value(fields));
}

// The address that NumPy's own repr of a generator ends with is nobody's business.
Told tell_generator(PyObject* object, std::string_view name, LibraryParts& parts) {
    const Owned bits = Owned::steal(c_attribute(object, interned<"_bit_generator">()));
    if (!bits) return Told::kUnknown;
    const std::string_view full = Py_TYPE(bits.get())->tp_name;
    const size_t dot = full.rfind('.');
    return told(parts.text(name) && parts.text("(") &&
                parts.text(dot == std::string_view::npos ? full : full.substr(dot + 1)) && parts.text(")"));
}

// What a moment of pandas is, for C code: ticks of a unit, and the time zone, which does not change.
Told tell_moment(PyObject* object, LibraryParts& parts) {
    const Owned ticks = Owned::steal(c_attribute(object, interned<"_value">()));
    if (!ticks || !PyLong_CheckExact(ticks.get())) return Told::kUnknown;
    const Owned unit = Owned::steal(c_attribute(object, interned<"_creso">()));
    const Owned zone = Owned::steal(c_attribute(object, interned<"tzinfo">()));
    const auto address = reinterpret_cast<uintptr_t>(zone.get());
    return told(parts.value(ticks.get()) && (!unit || parts.value(unit.get())) &&
                parts.text({reinterpret_cast<const char*>(&address), sizeof address}));
}

// An integer of gmpy2, which SymPy computes with where it is installed.
struct GmpInteger {
    PyObject_HEAD int allocated;
    int size;  // in words, negative for negative numbers
    const uint64_t* words;
};

bool is_gmp_known(PyTypeObject* type) {
    const Owned probe = Owned::steal(PyObject_CallFunction(reinterpret_cast<PyObject*>(type), "i", -5));
    PyErr_Clear();
    const auto* integer = reinterpret_cast<const GmpInteger*>(probe.get());
    return integer && type->tp_basicsize >= static_cast<Py_ssize_t>(sizeof(GmpInteger)) && integer->size == -1 &&
           integer->words && *integer->words == 5;
}

std::optional<std::string_view> gmp_integer_bytes(PyObject* object) {
    static PyTypeObject* s_type = nullptr;
    static bool s_known = false;
    PyTypeObject* type = Py_TYPE(object);
    if (type != s_type) {
        if ((type->tp_flags & Py_TPFLAGS_HEAPTYPE) || std::strcmp(type->tp_name, "gmpy2.mpz") != 0) return std::nullopt;
        s_type = type;
        s_known = is_gmp_known(type);
    }
    if (!s_known) return std::nullopt;
    const auto* integer = reinterpret_cast<const GmpInteger*>(object);
    const auto words = static_cast<size_t>(std::abs(integer->size));
    return std::string_view(reinterpret_cast<const char*>(integer->words), words * sizeof(uint64_t));
}

Told tell_static(PyObject* object, PyTypeObject* type, LibraryParts& parts) {
    const std::string_view name = type->tp_name;
    if (name == "numpy.random._generator.Generator") return tell_generator(object, "Generator", parts);
    if (name == "numpy.random.mtrand.RandomState") return tell_generator(object, "RandomState", parts);
    return Told::kUnknown;
}

}  // namespace

bool shows_by_repr_only(PyTypeObject* type) {
    const LibraryFamily family = family_of(type);
    return family == LibraryFamily::kExpression || family == LibraryFamily::kHeld;
}

bool never_changes(PyTypeObject* type) { return family_of(type) == LibraryFamily::kExpression; }

bool is_library_scalar(PyTypeObject* type) {
    constexpr std::string_view kPrefix = "numpy.", kGeneric = "numpy.generic", kRecord = "numpy.void";
    if ((type->tp_flags & Py_TPFLAGS_HEAPTYPE) || type->tp_base == &PyBaseObject_Type || !type->tp_mro) return false;
    if (!std::string_view(type->tp_name).starts_with(kPrefix) || type->tp_name == kRecord) return false;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(type->tp_mro); ++i) {
        if (reinterpret_cast<PyTypeObject*>(PyTuple_GET_ITEM(type->tp_mro, i))->tp_name == kGeneric) return true;
    }
    return false;
}

bool is_array_or_number(PyObject* object) {
    PyTypeObject* type = Py_TYPE(object);
    ArrayLayout layout;
    if (type->tp_flags & Py_TPFLAGS_HEAPTYPE) return false;
    return scalar_type(type) || (read_array(object, layout) && has_shown_items(layout));
}

Told tell_library_value(PyObject* object, LibraryParts& parts) {
    PyTypeObject* type = Py_TYPE(object);
    const LibraryFamily family = family_of(type);
    if (const ScalarType* scalar = scalar_type(type)) return tell_scalar(object, *scalar, parts);
    ArrayLayout layout;
    if (read_array(object, layout)) return tell_array(object, layout, parts);
    if (read_dtype(object, layout)) return tell_dtype(layout, parts);
    if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE)) return tell_static(object, type, parts);
    switch (family) {
        case LibraryFamily::kGraph:
            return told(tell_graph(object, parts));
        case LibraryFamily::kFields:
            return told(parts.structure(object));
        case LibraryFamily::kFrame:
            return tell_frame(object, parts);
        case LibraryFamily::kSeries:
            return tell_series(object, parts);
        case LibraryFamily::kIndex:
            return tell_index(object, parts);
        case LibraryFamily::kExtensionArray:
            return tell_extension_array(object, parts);
        case LibraryFamily::kGraphView:
            return tell_graph_view(object, parts);
        default:
            return Told::kUnknown;
    }
}

Told tell_library_base(PyObject* object, LibraryParts& parts) {
    ArrayLayout layout;
    if (!read_array(object, layout) || !has_shown_items(layout)) return Told::kUnknown;
    return told(tell_items(object, layout, "array", parts));
}

Told tell_library_content(PyObject* object, LibraryParts& parts) {
    const LibraryFamily family = family_of(Py_TYPE(object));
    if (family == LibraryFamily::kExpression) return told(tell_expression(object, parts));
    if (family == LibraryFamily::kHeld) return told(tell_held(object, parts));
    if (family == LibraryFamily::kMoment) return tell_moment(object, parts);
    ArrayLayout layout;
    if (read_array(object, layout)) {
        if (layout.has_objects || family == LibraryFamily::kMaskedArray) return Told::kUnknown;
        return told(tell_items(object, layout, "array", parts) && tell_record_names(layout.dtype, parts));
    }
    if (read_any_dtype(object, layout)) return tell_dtype_content(object, layout, parts);
    if (const auto bytes = gmp_integer_bytes(object)) {
        const bool is_negative = reinterpret_cast<const GmpInteger*>(object)->size < 0;
        return told(parts.text(is_negative ? "-" : "+") && parts.text(*bytes));
    }
    return Told::kUnknown;
}

}  // namespace tracemill::trace
