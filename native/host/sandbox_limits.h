// Resource limits of the kernel. Those of memory hold for what the interpreter's own accounting does not see: what C
// libraries take, shared memory, stacks.
#pragma once

#include <cstdint>

namespace tracemill::host {

struct MemoryLimits {
    uint64_t program_bytes;   // 0 = unbounded
    uint64_t recorder_bytes;  // likewise
};

// No core dumps, no file larger than `file_bytes`, few descriptors, no locked memory, and bounds on what this process
// maps beyond what it has now. False with errno set when the kernel refused one of them.
bool limit_resources(const MemoryLimits& memory, uint64_t file_bytes);

// tm_runtime.set_room of this process, before and after limit_resources().
void set_room(uint64_t address_space, uint64_t data);
// Where the call returns that set_room() makes; no other may raise a limit.
uint64_t room_call_site();

}  // namespace tracemill::host
