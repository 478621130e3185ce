// The items of containers that cannot be walked where they lie: taken out first, as many as can show, without running
// or allocating anything of Python.
#pragma once

#include <cstdint>
#include <vector>

#include "python/compat.h"

namespace tracemill::trace {

enum class EntryOrder {
    kDict,     // an OrderedDict's own where it is one
    kByCount,  // as a Counter shows itself: the highest first
};

// Borrowed items of a deque; at least `most` where there are so many.
void gather_items(PyObject* deque, uint64_t most, std::vector<PyObject*>& items);

// Borrowed keys and values of a dict or a subclass, in turn; at least `most` entries where there are so many.
void gather_entries(PyObject* dict, EntryOrder order, uint64_t most, std::vector<PyObject*>& entries);

// What an object that holds one thing holds: the first object that it shows to the collector. Borrowed, may be NULL.
PyObject* first_referent(PyObject* object);

// What an object of a type written in C holds, as it shows that to the collector: borrowed, at least `most` where there
// are so many.
void gather_referents(PyObject* object, uint64_t most, std::vector<PyObject*>& items);

// What a weak reference leads to, borrowed; NULL when that is gone.
PyObject* weak_referent(PyObject* reference);

}  // namespace tracemill::trace
