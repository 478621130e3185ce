// What the tracer reads from a running frame at every event, inline. Whoever includes this defines Py_BUILD_CORE before
// anything else: it is CPython's internal frame. All references are borrowed and valid until the frame runs on.
#pragma once

#include "python/compat.h"

#ifdef __cplusplus
extern "C" {
#endif

#include "internal/pycore_code.h"
#include "internal/pycore_frame.h"

typedef struct tm_frame_view {
    PyCodeObject* code;
    PyObject** slots;      // co_nlocalsplus values, NULL = unbound; cells still wrapped
    PyObject* namespace_;  // of module and class bodies: their f_locals
    PyObject* gained;      // of functions: a dict, may be NULL, with names that are none of the code's, among others
    int last_instruction;  // index in code units of the instruction being executed
} tm_frame_view;

static inline PyCodeObject* tm_code_of(const struct _PyInterpreterFrame* inner) {
#if PY_VERSION_HEX >= 0x030d0000
    return (PyCodeObject*)inner->f_executable;
#else
    return inner->f_code;
#endif
}

static inline tm_frame_view tm_view_frame(PyFrameObject* frame) {
    struct _PyInterpreterFrame* inner = frame->f_frame;
#if PY_VERSION_HEX >= 0x030d0000
    PyObject* gained = frame->f_extra_locals;
#else
    PyObject* gained = inner->f_locals;
#endif
    const tm_frame_view view = {tm_code_of(inner), inner->localsplus, inner->f_locals, gained,
                                _PyInterpreterFrame_LASTI(inner)};
    return view;
}

#ifdef __cplusplus
}
#endif
