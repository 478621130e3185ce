// The numbers of processes as programs see them: `os.getpid()` and what the library builds on it, such as the repr of a
// multiprocessing.Process and the records of `logging`. The kernel's are another in every run; these are fixed.
#pragma once

namespace tracemill::python {

// For interpreters whose programs can neither make processes nor reach any: the library tells a fork by these numbers.
// False where this Python has functions that are not as expected.
bool fix_process_numbers();

}  // namespace tracemill::python
