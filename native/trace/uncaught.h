// What CPython does at the end of a script that an exception left: it is reported, or it names the exit status.
#pragma once

#include "python/ref.h"

namespace tracemill::trace {

// What SystemExit says of how a program ends.
struct ExitRequest {
    bool success = false;     // the process would end with status 0
    int status = 0;           // as the system gives it on
    python::Owned text;       // what is to be written to stderr instead of a number
    python::Owned too_large;  // what was raised over a number beyond all
};

// Runs code of the program where the exception's `code` is the program's own.
ExitRequest exit_request(PyObject* system_exit);

// Writes the text of such an exit to sys.stderr.
void write_exit_text(PyObject* text);

// CPython leaves that exception set, and finds it when it looks for threads to wait for.
void report_exit_number(const python::Owned& too_large);

// Calls sys.excepthook. What goes wrong in there is reported, too.
void report_uncaught(PyObject* exception);

// The names that are left in `sys`, the dict of that module, for debuggers; CPython removes them before it clears
// modules.
void forget_last_exception(PyObject* sys);

}  // namespace tracemill::trace
