// How the parts of a library's object are gone through, and told one after another.
#pragma once

#include <algorithm>
#include <span>
#include <utility>

#include "python/instance_fields.h"
#include "python/ref.h"
#include "trace/library_value.h"

namespace tracemill::trace {

// Separates one part from the next.
class Commas {
  public:
    explicit Commas(LibraryParts& parts) : parts_(parts) {}

    bool next() {
        const bool is_first = first_;
        first_ = false;
        return is_first || parts_.text(", ");
    }

  private:
    LibraryParts& parts_;
    bool first_ = true;
};

inline bool tell_class(PyObject* object, LibraryParts& parts) {
    return parts.name(reinterpret_cast<PyHeapTypeObject*>(Py_TYPE(object))->ht_name) && parts.text("(");
}

// Calls `visit(key, value)` for every pair that `kNext` finds in the object, each held meanwhile; false when stopped.
template <auto kNext, typename Visit>
bool for_each_pair(PyObject* object, Visit&& visit) {
    Py_ssize_t position = 0;
    PyObject* key = nullptr;
    PyObject* value = nullptr;
    while (kNext(object, &position, &key, &value)) {
        const python::Owned held_key = python::Owned::share(key);
        const python::Owned held_value = python::Owned::share(value);
        if (!visit(key, value)) return false;
    }
    return true;
}

template <typename Visit>
bool for_each_entry(PyObject* dict, Visit&& visit) {
    return for_each_pair<PyDict_Next>(dict, std::forward<Visit>(visit));
}

// Of an instance.
template <typename Visit>
bool for_each_field(PyObject* object, Visit&& visit) {
    return for_each_pair<tm_next_field>(object, std::forward<Visit>(visit));
}

// What a program's class adds to those of a library's, whose own fields `is_known` has.
template <typename IsKnown>
bool tell_added_fields(PyObject* object, LibraryParts& parts, IsKnown&& is_known) {
    return for_each_field(object, [&](PyObject* name, PyObject* value) {
        if (!PyUnicode_Check(name) || is_known(name)) return true;
        return parts.text(", ") && parts.name(name) && parts.text("=") && parts.value(value);
    });
}

inline bool is_one_of(PyObject* name, std::span<const char* const> names) {
    return std::any_of(names.begin(), names.end(),
                       [&](const char* one) { return PyUnicode_CompareWithASCIIString(name, one) == 0; });
}

}  // namespace tracemill::trace
