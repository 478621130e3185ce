// Which of CPython's allocations are made because a program is traced: the object of a frame that nobody asked for, and
// what instrumented code needs. CPython makes them just before it calls the trace function for the first time in a
// frame.
#pragma once

#include "python/compat.h"

#ifdef __cplusplus
extern "C" {
#endif

// A frame object is no smaller; most of what programs allocate is.
#define TM_LEAST_FRAME_BYTES 128

// Of an allocation that is asked for now, on this thread, outside of the trace function: whether it is one of these.
// Needs the GIL.
int tm_allocates_for_tracing(void);

#ifdef __cplusplus
}
#endif
