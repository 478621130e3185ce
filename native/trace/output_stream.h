// Sees what programs write to the text layers of their standard streams, in the moment in which they do, and without
// taking part: the layers are CPython's own.
#pragma once

#include "python/compat.h"

namespace tracemill::trace {

struct RunState;

// Once per process, before any program. False with an exception set where this Python's text layers are not as
// expected.
bool hook_text_layers();

// The buffer of a text layer, exact or derived; borrowed, NULL when it was detached.
PyObject* buffer_of(PyObject* text_layer);

// What other threads printed while a value was looked at comes after that.
void record_waiting_output(RunState& run);

}  // namespace tracemill::trace
