#include "trace/program_class.h"

#include <cstring>

namespace tracemill::trace {
namespace {

// Interned once, so that looking up a name neither allocates nor fails.
PyObject* interned(const char* text) { return PyUnicode_InternFromString(text); }

PyObject* class_attribute(PyTypeObject* type, PyObject* name) {
    return type->tp_dict && PyDict_Check(type->tp_dict) ? PyDict_GetItemWithError(type->tp_dict, name) : nullptr;
}

bool is_enum_class(PyTypeObject* type) {
    const char* metaclass = Py_TYPE(type)->tp_name;
    return std::strcmp(metaclass, "EnumType") == 0 || std::strcmp(metaclass, "EnumMeta") == 0;
}

}  // namespace

bool is_program_class(PyTypeObject* type) {
    static PyObject* const kModule = interned("__module__");
    if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE)) return false;
    PyObject* module = class_attribute(type, kModule);
    return module && PyUnicode_CheckExact(module) && PyUnicode_CompareWithASCIIString(module, "__main__") == 0;
}

bool is_plain_instance(PyObject* object) {
    PyTypeObject* type = Py_TYPE(object);
    if (!is_program_class(type) || is_enum_class(type)) return false;
    while (type->tp_flags & Py_TPFLAGS_HEAPTYPE) type = type->tp_base;
    return type == &PyBaseObject_Type;
}

bool enum_member(PyObject* object, PyObject** name, PyObject** value) {
    static PyObject* const kName = interned("_name_");
    static PyObject* const kValue = interned("_value_");
    if (!is_enum_class(Py_TYPE(object))) return false;
    PyObject* dict = instance_dict(object);
    if (!dict) return false;
    *name = PyDict_GetItemWithError(dict, kName);
    *value = PyDict_GetItemWithError(dict, kValue);
    return *name && *value && PyUnicode_CheckExact(*name);
}

PyObject* named_tuple_fields(PyObject* object) {
    static PyObject* const kFields = interned("_fields");
    if (!PyTuple_Check(object)) return nullptr;
    for (PyTypeObject* type = Py_TYPE(object); type->tp_flags & Py_TPFLAGS_HEAPTYPE; type = type->tp_base) {
        PyObject* fields = class_attribute(type, kFields);
        if (!fields) continue;
        if (!PyTuple_CheckExact(fields) || PyTuple_GET_SIZE(fields) != PyTuple_GET_SIZE(object)) return nullptr;
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(fields); ++i) {
            if (!PyUnicode_CheckExact(PyTuple_GET_ITEM(fields, i))) return nullptr;
        }
        return fields;
    }
    return nullptr;
}

PyObject* instance_dict(PyObject* object) {
    PyObject* dict = PyObject_GenericGetDict(object, nullptr);
    if (!dict) {
        PyErr_Clear();
        return nullptr;
    }
    Py_DECREF(dict);  // the object keeps it
    return PyDict_Check(dict) ? dict : nullptr;
}

}  // namespace tracemill::trace
