// Threads of the program, below what Python offers to them.
#pragma once

#include "python/compat.h"

#ifdef __cplusplus
extern "C" {
#endif

// The thread that was started last, and has not ended. Borrowed.
PyThreadState* tm_newest_thread(void);

// As PyEval_SetTrace() in that thread, which has not run yet: from its first instruction on. No audit event is raised.
void tm_trace_new_thread(PyThreadState* thread, Py_tracefunc hook);

// The calling thread does not go on, as where Python ends a process under its daemon threads. Does not return.
void tm_park_thread(void);

// Calls `starting` whenever the program is about to start a thread, which it does not when that answers nonzero, with
// an exception set; and `started` when it has, before the thread runs. Whoever holds a function that starts threads has
// the new one already, and it looks as before. Once per process; 0 where this Python has functions that are not as
// expected.
int tm_watch_thread_starts(int (*starting)(void), void (*started)(PyThreadState* thread));

#ifdef __cplusplus
}
#endif
