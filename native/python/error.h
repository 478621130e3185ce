// Python's current exception as plain data.
#pragma once

#include <string>

#include "python/ref.h"

namespace tracemill::python {

// Takes the current exception, normalised and with its traceback; empty when there is none.
Owned take_exception();

// Sets an exception taken with take_exception() again.
void restore_exception(Owned exception);

// Clears the current exception and describes it in one line ("ModuleNotFoundError: No module named 'x'"). For our own
// set-up only: it calls str() on the exception.
std::string take_error_text();

}  // namespace tracemill::python
