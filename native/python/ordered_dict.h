// The entries of an OrderedDict in its own order, which move_to_end() changes and the dict below does not know. Its
// iterator would hash and compare the keys, which may be the program's objects.
#pragma once

#include "python/compat.h"

#ifdef __cplusplus
extern "C" {
#endif

// Once, in the warm interpreter: whether CPython's private layout is the one that is known here.
int tm_check_ordered_dict(void);
int tm_knows_ordered_dict(void);

// The key after the one at `place` (NULL: the first), borrowed; NULL at the end. Valid while no Python code runs.
PyObject* tm_next_ordered_key(PyObject* ordered, void** place);

#ifdef __cplusplus
}
#endif
