// Counts what Python allocates and refuses what would pass a limit, so that a program gets MemoryError at the same
// byte on every machine. Objects above 512 bytes reach the RAW domain, smaller ones are seen as whole arenas. Memory
// that C libraries take with malloc is not seen here: the tracer process has an address-space limit for that.
#pragma once

#include <cstdint>

namespace tracemill::python {

// Before the interpreter starts (RAW domain) and after (arenas).
void install_raw_allocator();
void install_arena_allocator();

// From now on, allow `bytes` above what is in use; 0 = unbounded. Clears the refusal flag.
void set_memory_limit(uint64_t bytes);

// Whether an allocation was refused since the limit was set.
bool memory_was_refused();

}  // namespace tracemill::python
