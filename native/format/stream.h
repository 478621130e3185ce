// The two streams whose text a record keeps, as OUTPUT names them.
#pragma once

#include <cstdint>

namespace tracemill::format {

enum class Stream : uint8_t { kStdout = 1, kStderr = 2 };

}  // namespace tracemill::format
