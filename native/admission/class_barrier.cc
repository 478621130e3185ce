#include "admission/class_barrier.h"

namespace tracemill::admission {
namespace {

using python::Owned;

const NameTable* s_names = nullptr;
bool (*s_is_librarys)(PyObject* type) = nullptr;
bool (*s_stop)() = nullptr;
newfunc s_make = nullptr;
PyObject* s_globals = nullptr;  // borrowed

bool is_allowed(PyObject* name) {
    PyObject* interned = Py_NewRef(name);
    PyUnicode_InternInPlace(&interned);
    const Owned key = Owned::steal(interned);
    return !(s_names->use_of(key.get()).refused & NameUse::kDefinition);
}

bool is_named(PyObject* name, const char* text) { return PyUnicode_CompareWithASCIIString(name, text) == 0; }

bool is_programs_frame() { return PyEval_GetGlobals() == s_globals; }

// Nothing of the program could run by it.
bool is_librarys(PyObject* value) {
    if (PyFunction_Check(value)) return PyFunction_GetGlobals(value) != s_globals;
    return value == Py_None || PyUnicode_CheckExact(value) || PyTuple_CheckExact(value) || PyDict_CheckExact(value) ||
           PyBool_Check(value) || PyLong_CheckExact(value) || PyCFunction_Check(value) ||
           Py_TYPE(value) == &PyGetSetDescr_Type || Py_TYPE(value) == &PyMemberDescr_Type ||
           Py_TYPE(value) == &PyWrapperDescr_Type || Py_TYPE(value) == &PyMethodDescr_Type;
}

bool are_allowed_slots(PyObject* slots) {
    if (PyUnicode_CheckExact(slots)) return is_allowed(slots);
    if (PyDict_CheckExact(slots)) {
        PyObject *name, *value;
        for (Py_ssize_t at = 0; PyDict_Next(slots, &at, &name, &value);) {
            if (!PyUnicode_CheckExact(name) || !is_allowed(name)) return false;
        }
        return true;
    }
    if (!PyTuple_CheckExact(slots) && !PyList_CheckExact(slots)) return false;
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(slots); ++i) {
        PyObject* name = PySequence_Fast_GET_ITEM(slots, i);
        if (!PyUnicode_CheckExact(name)) return false;
        const bool standard = is_named(name, "__dict__") || is_named(name, "__weakref__");
        if (!standard && !is_allowed(name)) return false;
    }
    return true;
}

// `dataclasses` pastes these names into source.
bool are_allowed_annotations(PyObject* annotations) {
    if (!PyDict_CheckExact(annotations)) return false;
    PyObject *name, *value;
    for (Py_ssize_t at = 0; PyDict_Next(annotations, &at, &name, &value);) {
        if (!PyUnicode_CheckExact(name) || !PyUnicode_IsIdentifier(name) || !is_allowed(name)) return false;
    }
    return true;
}

// What the class statement itself adds to what the program's code defines.
bool is_allowed_of_program(PyObject* name, PyObject* value) {
    if (is_named(name, "__orig_bases__")) return PyTuple_CheckExact(value);
    if (is_named(name, "__module__")) return PyUnicode_CheckExact(value) && is_named(value, "__main__");
    return is_allowed(name);
}

bool are_allowed_contents(PyObject* contents) {
    const bool programs = is_programs_frame();
    PyObject *name, *value;
    for (Py_ssize_t at = 0; PyDict_Next(contents, &at, &name, &value);) {
        if (!PyUnicode_CheckExact(name)) return false;
        if (is_named(name, "__slots__") && !are_allowed_slots(value)) return false;
        if (is_named(name, "__annotations__")) {
            if (!are_allowed_annotations(value)) return false;
            continue;
        }
        if (programs ? !is_allowed_of_program(name, value) : !is_allowed(name) && !is_librarys(value)) return false;
    }
    return true;
}

bool is_allowed_class(PyTypeObject* metatype, PyObject* arguments) {
    if (!s_is_librarys(reinterpret_cast<PyObject*>(metatype))) return false;
    if (PyTuple_GET_SIZE(arguments) != 3) return true;  // refused by itself
    PyObject* bases = PyTuple_GET_ITEM(arguments, 1);
    PyObject* contents = PyTuple_GET_ITEM(arguments, 2);
    if (!PyTuple_CheckExact(bases) || !PyDict_Check(contents)) return true;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(bases); ++i) {
        PyObject* base = PyTuple_GET_ITEM(bases, i);
        if (!PyType_Check(base)) continue;
        auto* type = reinterpret_cast<PyTypeObject*>(base);
        if (PyType_IsSubtype(type, &PyType_Type)) return false;
        // Of the library only what is given: others count on being used by it alone.
        if (s_is_librarys(base) && (type->tp_flags & Py_TPFLAGS_HEAPTYPE) && !s_names->gives(base)) return false;
    }
    return are_allowed_contents(contents);
}

PyObject* make_class(PyTypeObject* metatype, PyObject* arguments, PyObject* keywords) {
    if (s_globals && !is_allowed_class(metatype, arguments) && s_stop()) return nullptr;
    return s_make(metatype, arguments, keywords);
}

}  // namespace

void prepare_class_barrier(newfunc make, const NameTable& names, bool (*is_librarys)(PyObject* type), bool (*stop)()) {
    s_make = make;
    s_names = &names;
    s_is_librarys = is_librarys;
    s_stop = stop;
}

void* class_barrier() { return reinterpret_cast<void*>(make_class); }

void guard_classes_of(PyObject* globals) { s_globals = globals; }

}  // namespace tracemill::admission
