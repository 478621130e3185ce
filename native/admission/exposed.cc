#include "admission/exposed.h"

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "python/interpreter_state.h"

namespace tracemill::admission {
namespace {

using python::Owned;

// What can be changed without setting an attribute.
bool is_container(PyObject* value) {
    return PyList_Check(value) || PyDict_Check(value) || PyAnySet_Check(value) || PyByteArray_Check(value) ||
           std::strcmp(Py_TYPE(value)->tp_name, "collections.deque") == 0;
}

bool is_frozen_container(PyObject* value) { return PyFrozenSet_CheckExact(value); }

bool is_plain(PyObject* value) {
    return value == Py_None || value == Py_Ellipsis || value == Py_NotImplemented || PyBool_Check(value) ||
           PyLong_CheckExact(value) || PyFloat_CheckExact(value) || PyComplex_CheckExact(value) ||
           PyUnicode_CheckExact(value) || PyBytes_CheckExact(value);
}

// Made anew for every program.
bool is_programs_own(PyObject* name) { return PyUnicode_CompareWithASCIIString(name, "argv") == 0; }

class Search {
  public:
    Search(NameTable& names, Exposed& exposed) : names_(names), exposed_(exposed) {}

    void run() {
        for (const Owned& module : names_.modules()) {
            if (module) reach(module.get());
        }
        while (!pending_.empty()) {
            const Owned object = std::move(pending_.back());
            pending_.pop_back();
            follow(object.get());
        }
        PyErr_Clear();
    }

  private:
    void reach(PyObject* object) {
        if (!object || is_plain(object) || !seen_.insert(object).second) return;
        pending_.push_back(Owned::share(object));
    }

    int number_of(PyObject* module) const {
        const auto& modules = names_.modules();
        const auto is_it = [&](const Owned& one) { return one.get() == module; };
        const auto found = std::find_if(modules.begin(), modules.end(), is_it);
        return found == modules.end() ? -1 : static_cast<int>(found - modules.begin());
    }

    void follow(PyObject* object) {
        if (PyModule_Check(object)) return follow_module(object);
        if (PyType_Check(object)) return follow_class(reinterpret_cast<PyTypeObject*>(object));
        if (PyFunction_Check(object)) return follow_dict(reinterpret_cast<PyFunctionObject*>(object)->func_dict);
        if (PyTuple_Check(object)) {
            for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(object); ++i) reach(PyTuple_GET_ITEM(object, i));
        }
        const bool is_function = PyCFunction_Check(object) || PyMethod_Check(object);
        if (!is_function) exposed_.instances.push_back(Owned::share(object));
        follow_class(Py_TYPE(object));
        if (!tm_has_instance_dict(Py_TYPE(object))) return;
        const Owned dict = Owned::steal(PyObject_GenericGetDict(object, nullptr));
        if (dict) follow_dict(dict.get());
        PyErr_Clear();
    }

    void follow_module(PyObject* module) {
        const int number = number_of(module);
        if (number < 0) return exposed_.strange_modules.push_back(Owned::share(module));
        PyObject *name, *value;
        for (Py_ssize_t at = 0; PyDict_Next(PyModule_GetDict(module), &at, &name, &value);) {
            if (names_.use_of(name).given >> number & 1) reach_by(name, value);
        }
    }

    void follow_class(PyTypeObject* type) {
        if (!type->tp_mro) return;
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(type->tp_mro); ++i) {
            auto* base = reinterpret_cast<PyTypeObject*>(PyTuple_GET_ITEM(type->tp_mro, i));
            // Static types are the interpreter's own: what they hold cannot be changed.
            if (base->tp_flags & Py_TPFLAGS_HEAPTYPE) follow_dict(base->tp_dict);
        }
    }

    void follow_dict(PyObject* dict) {
        if (!dict) return;
        PyObject *name, *value;
        for (Py_ssize_t at = 0; PyDict_Next(dict, &at, &name, &value);) {
            if (PyUnicode_CheckExact(name) && PyUnicode_CHECK_INTERNED(name)) reach_by(name, value);
        }
    }

    void reach_by(PyObject* name, PyObject* value) {
        if ((names_.use_of(name).refused & NameUse::kAttribute) || is_programs_own(name)) return;
        if (is_container(value) && !is_frozen_container(value)) return names_.refuse_attribute(name);
        reach(value);
    }

    NameTable& names_;
    Exposed& exposed_;
    std::unordered_set<PyObject*> seen_;
    std::vector<Owned> pending_;
};

}  // namespace

Exposed find_exposed(NameTable& names) {
    Exposed exposed;
    Search(names, exposed).run();
    return exposed;
}

}  // namespace tracemill::admission
