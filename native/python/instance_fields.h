// The attributes of an instance as CPython stores them. Asking for `__dict__` would make one, which the program can see
// (gc.get_objects(), sys.getsizeof()).
#pragma once

#include "python/compat.h"

#ifdef __cplusplus
extern "C" {
#endif

// The next attribute in order of insertion, name and value borrowed; false at the end. `position` begins at 0. Reads
// the object anew each time, so the program may run between two calls. Never fails and allocates nothing.
int tm_next_field(PyObject* object, Py_ssize_t* position, PyObject** name, PyObject** value);

static inline int tm_may_have_dict(PyTypeObject* type) {
    return (type->tp_flags & Py_TPFLAGS_MANAGED_DICT) != 0 || type->tp_dictoffset != 0;
}

typedef struct tm_field {
    PyObject* name;
    PyObject* value;
} tm_field;

// All attributes, borrowed, of an instance that has no dict: how many, in order of insertion; -1 when it has one, or
// more than `room`. The names belong to the class: as long as that is the same, they are the same objects.
int tm_inline_fields(PyObject* object, tm_field* fields, int room);

// The value of an attribute in the instance, borrowed, or NULL; `name` is ASCII.
PyObject* tm_field_named(PyObject* object, const char* name);

#ifdef __cplusplus
}
#endif
