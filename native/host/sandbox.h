// What an executor gives up before it runs the first untrusted program.
#pragma once

#include <cstdint>
#include <string>

namespace tracemill::host {

// Closes every descriptor but `keep` and points 0, 1 and 2 at /dev/null. False with `error` set when that failed.
bool detach_descriptors(int keep, std::string& error);

// No new privileges, no core dumps, no file growth, few descriptors, and a bound on address space above
// `memory_bytes` as a backstop behind the interpreter's own accounting (0 = unbounded).
// False with `error` set when the kernel refused one of them.
bool enter_sandbox(uint64_t memory_bytes, std::string& error);

}  // namespace tracemill::host
