// What went wrong, as a value: no Node and no Python in it, so that the engine's own thread can make one.
#pragma once

#include <string>

namespace tracemill::binding {

// The codes of NativeErrorCode in src/base/addon/contract.ts.
namespace code {
inline constexpr char kArgument[] = "bad-argument";
inline constexpr char kBadBatch[] = "bad-batch";
inline constexpr char kCancelled[] = "cancelled";
inline constexpr char kOpen[] = "cannot-open";
inline constexpr char kOpened[] = "already-open";
inline constexpr char kNotOpen[] = "not-open";
inline constexpr char kMemory[] = "no-memory";
inline constexpr char kZstd[] = "bad-zstd";
}  // namespace code

struct Failure {
    const char* code;  // one of the above
    std::string message;
};

}  // namespace tracemill::binding
