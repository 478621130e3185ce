#include "admission/lent_defaults.h"

#include <algorithm>

namespace tracemill::admission {

bool LentDefaults::add(PyObject* value) {
    const bool is_container = PyList_Check(value) || PyDict_Check(value) || PyAnySet_Check(value);
    if (is_container) containers_.push_back(python::Owned::share(value));
    return !is_container || PyObject_Size(value) == 0;
}

bool LentDefaults::prepare(const NameTable& names) {
    bool empty = true;
    for (const python::Owned& module : names.modules()) {
        PyObject *name, *value;
        PyObject* contents = module ? PyModule_GetDict(module.get()) : nullptr;
        for (Py_ssize_t at = 0; contents && PyDict_Next(contents, &at, &name, &value);) {
            if (!PyFunction_Check(value) || names.use_of(name).given == 0) continue;
            PyObject* defaults = PyFunction_GetDefaults(value);
            for (Py_ssize_t i = 0; defaults && i < PyTuple_GET_SIZE(defaults); ++i) {
                empty = add(PyTuple_GET_ITEM(defaults, i)) && empty;
            }
            PyObject *keyword, *other;
            PyObject* others = PyFunction_GetKwDefaults(value);
            for (Py_ssize_t i = 0; others && PyDict_Next(others, &i, &keyword, &other);) empty = add(other) && empty;
        }
    }
    return empty;
}

bool LentDefaults::are_empty() const {
    const auto is_empty = [](const python::Owned& container) { return PyObject_Size(container.get()) == 0; };
    return std::all_of(containers_.begin(), containers_.end(), is_empty);
}

}  // namespace tracemill::admission
