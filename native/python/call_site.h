// How CPython 3.11 would make the call that a traced frame is at, were it not traced. See call_levels.h.
#pragma once

#include "python/compat.h"

#ifdef __cplusplus
extern "C" {
#endif

#if TM_TRACING_TAKES_LEVELS

// Whether calling `function`, which is C, would count no level of recursion.
int tm_calls_c_freely(PyFrameObject* frame, PyObject* function);

// The traced frame that is calling this one by way of C; NULL: none, or one that is not traced. Borrowed.
PyFrameObject* tm_caller_by_c(PyFrameObject* frame);

// Whether that call would count one level less. `taken` were, by the frame and by what lies between.
int tm_calls_with_less(PyFrameObject* caller, PyFrameObject* frame, int taken);

// At an event of an instruction: whether that counts one level less without tracing, and no function of C is called.
int tm_instruction_takes_less(PyFrameObject* frame);

// Whether this frame has such events.
void tm_set_instruction_events(PyFrameObject* frame, int wanted);

// As PyEval_SetProfile(), of any thread; no audit event is raised.
void tm_set_profile(PyThreadState* thread, Py_tracefunc profile);

#endif

#ifdef __cplusplus
}
#endif
