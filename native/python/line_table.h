// Lines by instruction, all at once: CPython's own answer for one instruction reads the table from its start
// (3.12, 3.13).
#pragma once

#include "python/compat.h"

#ifdef __cplusplus
extern "C" {
#endif

// Number of code units of the code object, which is the size of its line table.
Py_ssize_t tm_instruction_count(PyCodeObject* code);

// Fills `lines` with the line of each instruction, -1 where it has none. The format is CPython's Objects/locations.md.
void tm_read_lines(PyCodeObject* code, int* lines);

#ifdef __cplusplus
}
#endif
