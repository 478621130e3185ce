// CPython makes a frame object for every frame that a trace hook sees; without the hook few frames have one. The
// collector counts objects to know when to look for garbage, so these would make it look at other moments, and
// finalisers of what it finds run at others. Here the count is kept as if only those frame objects existed that an
// exception's traceback needs.
#pragma once

#include "python/compat.h"

namespace tracemill::python {

// Once, after the interpreter started.
void watch_frame_objects();

// The hook sees a frame begin, so its object is new.
void frame_object_made(PyFrameObject* frame);

// The hook sees a frame end or hand out a value: whoever refers to its object asked for it.
void frame_object_returns(PyFrameObject* frame);

// The hook sees an exception, (type, value, traceback), in a frame: the traceback's entry would have made the object.
void frame_object_needed(PyFrameObject* frame, PyObject* exception);

}  // namespace tracemill::python
