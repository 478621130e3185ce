#include "trace/identity.h"

#include <utility>

namespace tracemill::trace {

uint64_t Identity::hold(PyObject* container) {
    Entry& entry = d_entries[container];
    if (entry.holds == 0) entry.ordinal = d_next++;
    ++entry.holds;
    Py_INCREF(container);
    return entry.ordinal;
}

void Identity::release(PyObject* container) {
    const auto found = d_entries.find(container);
    if (found != d_entries.end() && --found->second.holds == 0) d_entries.erase(found);
    Py_DECREF(container);
}

uint64_t Identity::of(PyObject* object) {
    Entry& entry = d_entries[object];
    if (entry.ordinal == 0) entry.ordinal = d_next++;
    const uint64_t ordinal = entry.ordinal;
    if (!entry.watched) {
        entry.watched = true;
        if (!watch(object)) {
            Py_INCREF(object);
            d_kept.push_back(object);
        }
    }
    return ordinal;
}

uint64_t Identity::of_address(const void* address) {
    Entry& entry = d_entries[address];
    if (entry.ordinal == 0) entry.ordinal = d_next++;
    return entry.ordinal;
}

uint64_t Identity::find(PyObject* object) const {
    const auto found = d_entries.find(object);
    return found == d_entries.end() ? 0 : found->second.ordinal;
}

bool Identity::watch(PyObject* object) {
    if (!PyType_SUPPORTS_WEAKREFS(Py_TYPE(object))) return false;
    static PyMethodDef method{"object_died", &Identity::object_died, METH_O, nullptr};
    if (!d_callback) {
        PyObject* self = PyCapsule_New(this, nullptr, nullptr);
        d_callback = self ? PyCFunction_New(&method, self) : nullptr;
        Py_XDECREF(self);
    }
    PyObject* weak = d_callback ? PyWeakref_NewRef(object, d_callback) : nullptr;
    if (!weak) {
        PyErr_Clear();
        return false;
    }
    d_weak.emplace(weak, object);
    return true;
}

PyObject* Identity::object_died(PyObject* self, PyObject* weak_reference) {
    auto* identity = static_cast<Identity*>(PyCapsule_GetPointer(self, nullptr));
    const auto found = identity ? identity->d_weak.find(weak_reference) : decltype(d_weak)::iterator{};
    if (identity && found != identity->d_weak.end()) {
        identity->d_entries.erase(found->second);
        identity->d_weak.erase(found);
        Py_DECREF(weak_reference);  // the caller still holds its own reference
    }
    PyErr_Clear();
    Py_RETURN_NONE;
}

void Identity::clear() {
    // Taken out first: what dies here may call back.
    auto weak = std::exchange(d_weak, {});
    auto kept = std::exchange(d_kept, {});
    d_entries.clear();
    d_next = 1;
    for (const auto& [reference, address] : weak) Py_DECREF(reference);
    for (PyObject* object : kept) Py_DECREF(object);
    Py_CLEAR(d_callback);
}

}  // namespace tracemill::trace
