// The container types of `collections` that programs fill like lists and dicts. Their own repr costs the whole
// container however little of it shows, so they are rendered and fingerprinted here too.
#pragma once

#include "python/compat.h"

namespace tracemill::trace {

struct CollectionsTypes {
    PyTypeObject* deque;  // owned for ever, like all types of the interpreter
    PyTypeObject* default_dict;
};

// Imported on first use, which is before any program runs; both NULL when that failed.
const CollectionsTypes& collections_types();

// A deque's bound, -1 = none; a defaultdict's factory (owned). Neither runs the program's code.
Py_ssize_t deque_bound(PyObject* deque);
PyObject* default_factory(PyObject* dict);

}  // namespace tracemill::trace
