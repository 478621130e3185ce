#define Py_BUILD_CORE 1
#include "python/set_items.h"

#if PY_VERSION_HEX >= 0x030d0000
#include "internal/pycore_setobject.h"
#endif

int tm_next_set_item(PyObject* set, Py_ssize_t* position, PyObject** item) {
    Py_hash_t hash = 0;
    return _PySet_NextEntry(set, position, item, &hash);
}
