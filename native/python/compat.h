// The only place that knows Python versions. Everything else includes this header instead of Python.h and asks the
// TM_HAS_... questions below, so a new Python version is an entry here and in frame_access.c and frame_view.h.
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

#if PY_VERSION_HEX < 0x030b0000
#error "tracemill needs CPython 3.11 or newer"
#endif

// 3.12: tracing sits on sys.monitoring, comprehensions have no frame of their own, and names of inlined ones may hide.
#define TM_HAS_INLINED_COMPREHENSIONS (PY_VERSION_HEX >= 0x030c0000)
// 3.11: a code object that is traced has its lines by instruction.
#define TM_HAS_LINE_ARRAY (PY_VERSION_HEX < 0x030c0000)
// 3.11: traced code counts more levels of recursion.
#define TM_TRACING_TAKES_LEVELS (PY_VERSION_HEX < 0x030c0000)
// 3.12: exceptions are one object instead of (type, value, traceback).
#define TM_HAS_RAISED_EXCEPTION (PY_VERSION_HEX >= 0x030c0000)
// 3.12: CPython tells who asks when a dict changes; dict versions go away later.
#define TM_HAS_DICT_WATCHERS (PY_VERSION_HEX >= 0x030c0000)

// Before 3.12 an OrderedDict shows a list of pairs.
#define TM_ORDERED_DICT_SHOWS_PAIRS (PY_VERSION_HEX < 0x030c0000)
// The thread's state, or NULL.
#if PY_VERSION_HEX >= 0x030d0000
#define tm_unchecked_thread PyThreadState_GetUnchecked
#else
#define tm_unchecked_thread _PyThreadState_UncheckedGet
#endif
// A new reference to what a weak reference refers to; NULL once that has ended.
static inline PyObject* tm_weakref_target(PyObject* reference) {
    PyObject* target = NULL;
#if PY_VERSION_HEX >= 0x030d0000
    if (PyWeakref_GetRef(reference, &target) < 0) PyErr_Clear();
#else
    PyObject* now = PyWeakref_GetObject(reference);
    if (now && now != Py_None) target = Py_NewRef(now);
#endif
    return target;
}

// Reports the current exception as CPython does at exit, when threads could not be waited for.
static inline void tm_report_threads_at_exit(PyObject* threading) {
#if PY_VERSION_HEX >= 0x030d0000
    (void)threading;
    PyErr_FormatUnraisable("Exception ignored on threading shutdown");
#else
    PyErr_WriteUnraisable(threading);
#endif
}

// Reports the current exception as CPython does at exit, when stdout cannot be flushed.
static inline void tm_report_unflushed(PyObject* file) {
#if PY_VERSION_HEX >= 0x030e0000
    (void)file;
    PyErr_FormatUnraisable("Exception ignored while flushing sys.stdout");
#elif PY_VERSION_HEX >= 0x030d0000
    (void)file;
    PyErr_FormatUnraisable("Exception ignored on flushing sys.stdout");
#else
    PyErr_WriteUnraisable(file);
#endif
}

// PyCode_NewWithPosOnlyArgs() under the name it has.
#if PY_VERSION_HEX >= 0x030c0000
#define tm_new_code PyUnstable_Code_NewWithPosOnlyArgs
#else
#define tm_new_code PyCode_NewWithPosOnlyArgs
#endif

// The kinds of a code object's local slots (co_localspluskinds); same values in every supported version.
#define TM_SLOT_HIDDEN 0x10
#define TM_SLOT_CELL 0x40
#define TM_SLOT_FREE 0x80

// The attributes of a type, static ones too; borrowed.
static inline PyObject* tm_type_attributes(PyTypeObject* type) {
#if PY_VERSION_HEX >= 0x030c0000
    PyObject* attributes = PyType_GetDict(type);
    Py_XDECREF(attributes);  // the type keeps it
    return attributes;
#else
    return type->tp_dict;
#endif
}

// The digits of an exact int that does not fit a long long.
#if PY_VERSION_HEX >= 0x030c0000
#define tm_long_digits(o) (((PyLongObject*)(o))->long_value.ob_digit)
#define tm_long_digit_count(o) ((size_t)(((PyLongObject*)(o))->long_value.lv_tag >> 3))
#define tm_long_is_negative(o) ((((PyLongObject*)(o))->long_value.lv_tag & 3) == 2)
#else
#define tm_long_digits(o) (((PyLongObject*)(o))->ob_digit)
#define tm_long_digit_count(o) ((size_t)(Py_SIZE(o) < 0 ? -Py_SIZE(o) : Py_SIZE(o)))
#define tm_long_is_negative(o) (Py_SIZE(o) < 0)
#endif

// The value of an exact int of at most one digit; false for others.
static inline int tm_small_int(PyObject* o, int64_t* value) {
#if PY_VERSION_HEX >= 0x030c0000
    const uintptr_t tag = ((PyLongObject*)o)->long_value.lv_tag;
    if (tag >= (2u << 3)) return 0;
    *value = (1 - (int64_t)(tag & 3)) * (int64_t)tm_long_digits(o)[0];
#else
    const Py_ssize_t size = Py_SIZE(o);
    if (size < -1 || size > 1) return 0;
    *value = size * (int64_t)tm_long_digits(o)[0];
#endif
    return 1;
}

// The member type of `__slots__`; its header is not part of Python.h before 3.12.
#if PY_VERSION_HEX >= 0x030c0000
#define TM_MEMBER_OBJECT_EX Py_T_OBJECT_EX
#else
#include <structmember.h>
#define TM_MEMBER_OBJECT_EX T_OBJECT_EX
#endif
