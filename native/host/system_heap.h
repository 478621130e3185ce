// The C library's heap, which every library of the process uses: what the system refuses to it is counted, since each
// library says of it in its own words that there was no memory, or says something else.
#pragma once

#include <cstdint>

namespace tracemill::host {

// Allocations that failed so far; for tm_runtime.system_refusals.
const uint64_t* system_refusals();

}  // namespace tracemill::host
