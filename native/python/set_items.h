// The items of a set where they lie: its iterator would be an object that the collector counts.
#pragma once

#include "python/compat.h"

#ifdef __cplusplus
extern "C" {
#endif

// The next item, borrowed; false at the end. `position` begins at 0. Runs no Python code.
int tm_next_set_item(PyObject* set, Py_ssize_t* position, PyObject** item);

#ifdef __cplusplus
}
#endif
