// What went wrong, as a value: no Node and no Python in it, so that the engine's own thread can make one.
#pragma once

#include <string>

namespace tracemill::binding {

// The codes of NativeErrorCode in src/native/contract.ts.
namespace code {
inline constexpr char ARGUMENT[] = "TM_ARGUMENT";
inline constexpr char BAD_BATCH[] = "TM_BAD_BATCH";
inline constexpr char CANCELLED[] = "TM_CANCELLED";
inline constexpr char OPEN[] = "TM_OPEN";
inline constexpr char OPENED[] = "TM_OPENED";
inline constexpr char NOT_OPEN[] = "TM_NOT_OPEN";
inline constexpr char MEMORY[] = "TM_MEMORY";
inline constexpr char ZSTD[] = "TM_ZSTD";
}  // namespace code

struct Failure {
    const char* code;  // one of the above
    std::string message;
};

}  // namespace tracemill::binding
