// How deep a program may recurse. CPython 3.11 runs code that is traced without its specialised instructions, and some
// of these call functions written in C without counting a level of recursion: `getattr`, `sorted`, `next`, `len`, ...
// It also awaits a coroutine by its method `send` while it is traced, which counts one more. A recursion through such
// calls would end at half the depth. The levels that plain CPython would not count are given back here: for a function
// of C before it is called, which a profile function without an object (and so unseen) is told; elsewhere when the
// frame begins that was called in this way, and for the last levels before each instruction, so that the program sees
// the error where, and said as, plain CPython would. Later versions count calls of Python and of C apart, and need
// nothing.
#pragma once

#include "python/compat.h"

namespace tracemill::python {

#if TM_TRACING_TAKES_LEVELS

// With the trace function of that thread, unless the program profiles itself.
void correct_call_levels(PyThreadState* thread);
void leave_call_levels(PyThreadState* thread);

// The trace function sees a frame begin or go on, and end or hand out a value.
void frame_takes_level(PyFrameObject* frame);
void frame_gives_level(PyFrameObject* frame);

// It sees an exception in a frame, or its next instruction.
void instruction_raised(PyFrameObject* frame);
void instruction_begins(PyFrameObject* frame);

#else

inline void correct_call_levels(PyThreadState*) {}
inline void leave_call_levels(PyThreadState*) {}
inline void frame_takes_level(PyFrameObject*) {}
inline void frame_gives_level(PyFrameObject*) {}
inline void instruction_raised(PyFrameObject*) {}
inline void instruction_begins(PyFrameObject*) {}

#endif

}  // namespace tracemill::python
