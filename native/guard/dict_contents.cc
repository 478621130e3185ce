#include "guard/dict_contents.h"

#include <unordered_set>

namespace tracemill::guard {

using python::Owned;

DictContents::DictContents(PyObject* dict, PyTypeObject* type) : dict_(Owned::share(dict)), type_(type) {
    items_.reserve(static_cast<size_t>(PyDict_GET_SIZE(dict)));
    PyObject *key, *value;
    for (Py_ssize_t at = 0; PyDict_Next(dict, &at, &key, &value);) {
        items_.emplace_back(Owned::share(key), Owned::share(value));
    }
}

bool DictContents::are_unchanged() const { return PyDict_GET_SIZE(dict()) == size() && are_all_there(); }

bool DictContents::are_all_there() const {
    PyObject *key, *value;
    Py_ssize_t at = 0;
    for (const auto& [old_key, old_value] : items_) {
        if (!PyDict_Next(dict(), &at, &key, &value) || key != old_key.get() || value != old_value.get()) return false;
    }
    return true;
}

void DictContents::adopt(PyObject* key) {
    for (auto& [old_key, value] : items_) {
        if (old_key.get() == key) value = Owned::share(PyDict_GetItemWithError(dict(), key));
    }
}

bool DictContents::set(PyObject* key, PyObject* value) const {
    // Past the metaclass's own __setattr__, but not past the slots of the type, which hold its special methods.
    if (type_) return PyType_Type.tp_setattro(reinterpret_cast<PyObject*>(type_), key, value) == 0;
    return (value ? PyDict_SetItem(dict(), key, value) : PyDict_DelItem(dict(), key)) == 0;
}

bool DictContents::put_values_back() const {
    for (const auto& [key, value] : items_) {
        PyObject* now = PyDict_GetItemWithError(dict(), key.get());  // borrowed
        if (PyErr_Occurred()) return false;
        if (now != value.get() && !set(key.get(), value.get())) return false;
    }
    return true;
}

bool DictContents::drop_other_keys() const {
    std::unordered_set<PyObject*> known;
    for (const auto& [key, value] : items_) known.insert(key.get());
    std::vector<Owned> others;
    PyObject *key, *value;
    for (Py_ssize_t at = 0; PyDict_Next(dict(), &at, &key, &value);) {
        if (!known.contains(key)) others.push_back(Owned::share(key));
    }
    for (const Owned& other : others) {
        if (!set(other.get(), nullptr)) return false;
    }
    return true;
}

bool DictContents::fill_again() const {
    PyDict_Clear(dict());
    for (const auto& [key, value] : items_) {
        if (PyDict_SetItem(dict(), key.get(), value.get()) != 0) return false;
    }
    return true;
}

// The order of a class's attributes cannot be brought back, and shows only in its `__dict__`.
bool DictContents::holds_the_same() const {
    if (!type_) return are_unchanged();
    if (PyDict_GET_SIZE(dict()) != size()) return false;
    for (const auto& [key, value] : items_) {
        if (PyDict_GetItemWithError(dict(), key.get()) != value.get()) return false;
    }
    return true;
}

bool DictContents::restore() const {
    if (are_unchanged()) return true;
    bool restored = put_values_back() && drop_other_keys() && holds_the_same();
    if (!restored && !type_) {
        PyErr_Clear();
        restored = fill_again() && are_unchanged();
    }
    PyErr_Clear();
    return restored;
}

}  // namespace tracemill::guard
