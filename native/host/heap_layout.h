// Where in the C library's heap a program's blocks will lie.
#pragma once

namespace tracemill::host {

// Takes for good the free places between the blocks of the warm interpreter, so that programs get memory of their own
// from now on, one block behind the other, and write to fewer pages, which are copied when a program runs or put back
// after it. A few hundred kilobytes.
void fill_system_heap_holes();

}  // namespace tracemill::host
