#define Py_BUILD_CORE 1
#include "python/instance_fields.h"

#include "internal/pycore_dict.h"
#include "internal/pycore_object.h"

// Values without a dict: their names are the class's shared keys. NULL where the instance has a dict or nothing.
static PyDictValues* inline_values(PyObject* object) {
#if PY_VERSION_HEX >= 0x030d0000
    if (!(Py_TYPE(object)->tp_flags & Py_TPFLAGS_INLINE_VALUES)) return NULL;
    PyDictValues* values = _PyObject_InlineValues(object);
    return values->valid && !_PyObject_GetManagedDict(object) ? values : NULL;
#elif PY_VERSION_HEX >= 0x030c0000
    const PyDictOrValues stored = *_PyObject_DictOrValuesPointer(object);
    return _PyDictOrValues_IsValues(stored) ? _PyDictOrValues_GetValues(stored) : NULL;
#else
    return *_PyObject_ValuesPointer(object);
#endif
}

static PyObject* managed_dict(PyObject* object) {
#if PY_VERSION_HEX >= 0x030d0000
    return (PyObject*)_PyObject_GetManagedDict(object);
#elif PY_VERSION_HEX >= 0x030c0000
    const PyDictOrValues stored = *_PyObject_DictOrValuesPointer(object);
    return _PyDictOrValues_IsValues(stored) ? NULL : _PyDictOrValues_GetDict(stored);
#else
    return *_PyObject_ManagedDictPointer(object);
#endif
}

static Py_ssize_t value_count(PyDictValues* values) {
#if PY_VERSION_HEX >= 0x030d0000
    return values->size;
#else
    return ((uint8_t*)values)[-2];
#endif
}

// Where the value that was inserted as number `i` lies.
static Py_ssize_t value_index(PyDictValues* values, Py_ssize_t i) {
#if PY_VERSION_HEX >= 0x030d0000
    return get_insertion_order_array(values)[i];
#else
    return ((uint8_t*)values)[-3 - i];
#endif
}

static int next_value(PyObject* object, PyDictValues* values, Py_ssize_t* position, PyObject** name, PyObject** value) {
    PyDictKeysObject* keys = ((PyHeapTypeObject*)Py_TYPE(object))->ht_cached_keys;
    while (keys && *position < value_count(values)) {
        const Py_ssize_t index = value_index(values, (*position)++);
        if (index >= keys->dk_nentries || !values->values[index]) continue;
        *name = DK_UNICODE_ENTRIES(keys)[index].me_key;
        *value = values->values[index];
        if (*name) return 1;
    }
    return 0;
}

int tm_next_field(PyObject* object, Py_ssize_t* position, PyObject** name, PyObject** value) {
    PyTypeObject* type = Py_TYPE(object);
    PyObject* dict = NULL;
    if (type->tp_flags & Py_TPFLAGS_MANAGED_DICT) {
        PyDictValues* values = inline_values(object);
        if (values) return next_value(object, values, position, name, value);
        dict = managed_dict(object);
    } else if (type->tp_dictoffset != 0) {
        // Only computes where the dict is: it is not managed.
        PyObject** place = _PyObject_GetDictPtr(object);
        dict = place ? *place : NULL;
    }
    return dict && PyDict_Check(dict) && PyDict_Next(dict, position, name, value);
}

int tm_inline_fields(PyObject* object, tm_field* fields, int room) {
    if (!(Py_TYPE(object)->tp_flags & Py_TPFLAGS_MANAGED_DICT)) return -1;
    PyDictValues* values = inline_values(object);
    if (!values) return -1;
    int count = 0;
    Py_ssize_t position = 0;
    PyObject* name;
    PyObject* value;
    while (next_value(object, values, &position, &name, &value)) {
        if (count == room) return -1;
        fields[count].name = name;
        fields[count++].value = value;
    }
    return count;
}

PyObject* tm_field_named(PyObject* object, const char* name) {
    Py_ssize_t position = 0;
    PyObject* key = NULL;
    PyObject* value = NULL;
    while (tm_next_field(object, &position, &key, &value)) {
        if (PyUnicode_CheckExact(key) && PyUnicode_CompareWithASCIIString(key, name) == 0) return value;
    }
    return NULL;
}
