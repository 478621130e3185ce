// What the tracer reads from a running frame. CPython's frame layout is internal and differs per version; only
// frame_access.c and frame_view.h know it. All references are borrowed and valid until the frame runs on.
#pragma once

#include "python/compat.h"

#ifdef __cplusplus
extern "C" {
#endif

// Only the code object: the first question the hook asks.
PyCodeObject* tm_frame_code(PyFrameObject* frame);

// Of a frame that is about to run. Borrowed.
PyObject* tm_globals_of(struct _PyInterpreterFrame* frame);

// Line events of this frame stop (0) or come (1).
void tm_set_line_events(PyFrameObject* frame, int wanted);

// Index in code units of the first instruction that fires events (RESUME of the function's start).
int tm_first_traceable(PyCodeObject* code);

PyObject* tm_slot_names(PyCodeObject* code);  // tuple of str, borrowed
PyObject* tm_slot_kinds(PyCodeObject* code);  // bytes, borrowed
int tm_slot_count(PyCodeObject* code);

#ifdef __cplusplus
}
#endif
