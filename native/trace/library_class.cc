#include "trace/library_class.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "python/instance_fields.h"
#include "python/ref.h"
#include "python/slots.h"

namespace tracemill::trace {
namespace {

using python::Owned;

struct KnownClass {
    std::string_view package;
    std::string_view name;
    LibraryFamily family;
};

// With all classes that are made from them.
constexpr KnownClass kKnownClasses[] = {
    {"numpy", "MaskedArray", LibraryFamily::kMaskedArray},
    {"networkx", "Graph", LibraryFamily::kGraph},
    {"sklearn", "BaseEstimator", LibraryFamily::kFields},
    {"scipy", "_spbase", LibraryFamily::kFields},
    {"scipy", "spmatrix", LibraryFamily::kFields},
    {"pandas", "DataFrame", LibraryFamily::kFrame},
    {"pandas", "Series", LibraryFamily::kSeries},
    {"pandas", "Index", LibraryFamily::kIndex},
    {"pandas", "ExtensionArray", LibraryFamily::kExtensionArray},
    {"networkx", "AtlasView", LibraryFamily::kGraphView},
    {"networkx", "NodeView", LibraryFamily::kGraphView},
    {"networkx", "OutEdgeView", LibraryFamily::kGraphView},
    {"networkx", "DiDegreeView", LibraryFamily::kGraphView},
    {"networkx", "FilterAtlas", LibraryFamily::kFields},
    {"networkx", "FilterAdjacency", LibraryFamily::kFields},
    {"networkx", "UnionAtlas", LibraryFamily::kFields},
    {"scipy", "_RichResult", LibraryFamily::kFields},
    {"pandas", "Timestamp", LibraryFamily::kMoment},
    {"pandas", "Timedelta", LibraryFamily::kMoment},
    {"sympy", "Basic", LibraryFamily::kExpression},
    {"sympy", "DMP", LibraryFamily::kExpression},
    {"sympy", "DMF", LibraryFamily::kExpression},
    {"sympy", "ANP", LibraryFamily::kExpression},
    {"sympy", "Domain", LibraryFamily::kExpression},
};

// Of the others nothing is known but that their reprs ask nobody else.
constexpr std::string_view kPackages[] = {"numpy", "scipy", "pandas", "sympy", "networkx", "sklearn"};

std::string_view ascii_of(PyObject* text) {
    if (!text || !PyUnicode_CheckExact(text) || !PyUnicode_IS_ASCII(text)) return {};
    return {static_cast<const char*>(PyUnicode_DATA(text)), static_cast<size_t>(PyUnicode_GET_LENGTH(text))};
}

// The first part of `__module__`.
std::string_view package_of(PyTypeObject* type) {
    PyObject* dict = type->tp_dict;
    const std::string_view module =
        ascii_of(dict && PyDict_Check(dict) ? PyDict_GetItemWithError(dict, interned<"__module__">()) : nullptr);
    return module.substr(0, module.find('.'));
}

LibraryFamily family_of_one(PyTypeObject* type) {
    const std::string_view package = package_of(type);
    const std::string_view name = ascii_of(reinterpret_cast<PyHeapTypeObject*>(type)->ht_name);
    for (const KnownClass& known : kKnownClasses) {
        if (package == known.package && name == known.name) return known.family;
    }
    return LibraryFamily::kNone;
}

// Whether a class adds no memory to its instances but slots and where their fields and weak references are.
bool adds_fields_only(PyTypeObject* type) {
    const PyTypeObject* base = type->tp_base;
    Py_ssize_t pointers = 0;
    python::for_each_own_slot(type, [&](const PyMemberDef&) { return ++pointers, true; });
    if (type->tp_dictoffset > 0 && type->tp_dictoffset != base->tp_dictoffset) ++pointers;
    if (type->tp_weaklistoffset > 0 && type->tp_weaklistoffset != base->tp_weaklistoffset) ++pointers;
    const auto size = static_cast<Py_ssize_t>(sizeof(PyObject*));
    return type->tp_itemsize != 0 || type->tp_basicsize == base->tp_basicsize + pointers * size;
}

// Of Python code all the way down to a type of CPython's whose content can be read.
bool is_all_fields(PyTypeObject* type) {
    for (; type && (type->tp_flags & Py_TPFLAGS_HEAPTYPE); type = type->tp_base) {
        if (!adds_fields_only(type)) return false;
    }
    return type == &PyBaseObject_Type || type == &PyDict_Type || type == &PyList_Type || type == &PyTuple_Type;
}

LibraryFamily find_family(PyTypeObject* type) {
    PyObject* order = type->tp_mro;
    if (!order || !PyTuple_CheckExact(order)) return LibraryFamily::kNone;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(order); ++i) {
        auto* base = reinterpret_cast<PyTypeObject*>(PyTuple_GET_ITEM(order, i));
        if (!(base->tp_flags & Py_TPFLAGS_HEAPTYPE)) continue;
        const LibraryFamily family = family_of_one(base);
        if (family != LibraryFamily::kNone) return family;
    }
    const std::string_view package = package_of(type);
    const bool is_known = std::find(std::begin(kPackages), std::end(kPackages), package) != std::end(kPackages);
    return is_known && is_all_fields(type) ? LibraryFamily::kHeld : LibraryFamily::kNone;
}

struct Remembered {
    PyTypeObject* type = nullptr;  // only compared
    unsigned int version = 0;
    LibraryFamily family = LibraryFamily::kNone;
};

}  // namespace

LibraryFamily family_of(PyTypeObject* type) {
    static std::array<Remembered, 256> s_remembered;
    if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE)) return LibraryFamily::kNone;
    // No two classes ever have the same version, and a class that is changed gets another one; 0 is none.
    // Looking something up gives it one.
    if (type->tp_version_tag == 0) _PyType_Lookup(type, interned<"__module__">());
    const unsigned int version = type->tp_version_tag;
    Remembered& place = s_remembered[(reinterpret_cast<uintptr_t>(type) >> 6) % s_remembered.size()];
    if (version != 0 && place.type == type && place.version == version) return place.family;
    const LibraryFamily family = find_family(type);
    place = {type, version, family};
    return family;
}

bool has_content_of_package(PyTypeObject* type) {
    const LibraryFamily family = family_of(type);
    return family == LibraryFamily::kFrame || family == LibraryFamily::kSeries || family == LibraryFamily::kIndex ||
           family == LibraryFamily::kGraph;
}

bool is_of_package(PyTypeObject* type, std::string_view package) {
    return (type->tp_flags & Py_TPFLAGS_HEAPTYPE) && package_of(type) == package;
}

PyObject* c_attribute(PyObject* object, PyObject* name) {
    PyObject* found = _PyType_Lookup(Py_TYPE(object), name);  // borrowed
    PyErr_Clear();
    if (!found) return Py_XNewRef(tm_field_named(object, static_cast<const char*>(PyUnicode_DATA(name))));
    if (!Py_IS_TYPE(found, &PyGetSetDescr_Type) && !Py_IS_TYPE(found, &PyMemberDescr_Type)) return nullptr;
    const Owned descriptor = Owned::share(found);
    PyObject* value = Py_TYPE(found)->tp_descr_get(found, object, reinterpret_cast<PyObject*>(Py_TYPE(object)));
    PyErr_Clear();
    return value;
}

}  // namespace tracemill::trace
