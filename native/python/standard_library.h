// The modules of the standard library that programs use, imported once before any program runs: a program that imports
// one of the others costs its process, because a module that stays loaded is seen by the next program.
#pragma once

namespace tracemill::python {

// Those that this Python has; others are passed over.
void import_standard_library();

}  // namespace tracemill::python
