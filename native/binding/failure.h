// What went wrong, as a value: no Node and no Python in it, so that the engine's own thread can make one.
#pragma once

#include <string>

namespace tracemill::binding {

// The codes of NativeErrorCode in src/base/addon/contract.ts.
namespace code {
inline constexpr char kArgument[] = "TM_ARGUMENT";
inline constexpr char kBadBatch[] = "TM_BAD_BATCH";
inline constexpr char kCancelled[] = "TM_CANCELLED";
inline constexpr char kOpen[] = "TM_OPEN";
inline constexpr char kOpened[] = "TM_OPENED";
inline constexpr char kNotOpen[] = "TM_NOT_OPEN";
inline constexpr char kMemory[] = "TM_MEMORY";
inline constexpr char kZstd[] = "TM_ZSTD";
}  // namespace code

struct Failure {
    const char* code;  // one of the above
    std::string message;
};

}  // namespace tracemill::binding
