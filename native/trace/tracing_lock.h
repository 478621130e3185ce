// Programs cannot end their own recording: what CPython offers to change the trace function or to silence a frame is
// refused while a program runs. Asking for what is the case anyway (`sys.settrace(None)`, as doctest does) is no
// change.
#pragma once

#include <string>

namespace tracemill::trace {

// Once, before the interpreter's state is taken as its own. Empty or an error text.
std::string lock_tracing();

}  // namespace tracemill::trace
