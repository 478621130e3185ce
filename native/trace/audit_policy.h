// What a traced program may not do, refused through Python's audit events so that the refusal is a clear
// PermissionError and the status says `denied`. It is not the wall: the operating system's limits are; this makes
// refusals readable.
#pragma once

#include "python/compat.h"

namespace tracemill::trace {

// Once, before any program. Applies only while a program of an untrusted run is running.
bool install_audit_policy();

// Asked before the program starts a thread: nonzero, with an exception set, when it has too many.
int may_start_thread();

// Whether a path leads to the scratch directory, symbolic links followed.
bool leads_to_scratch(PyObject* path);

}  // namespace tracemill::trace
