// Resource limits of the kernel, as a backstop behind the interpreter's own accounting.
#pragma once

#include <cstdint>

namespace tracemill::host {

// No core dumps, no file larger than `file_bytes`, few descriptors, no locked memory, and a bound on address space
// above `memory_bytes` (0 = unbounded). False with errno set when the kernel refused one of them.
bool limit_resources(uint64_t memory_bytes, uint64_t file_bytes);

}  // namespace tracemill::host
