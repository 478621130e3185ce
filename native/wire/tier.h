// How a program was kept from the others, as a byte in front of its record in kRecords frames (host/protocol.h).
#pragma once

#include <cstdint>

namespace tracemill::wire {

enum class Tier : uint8_t {
    kTame = 0,      // it can leave nothing
    kRestored = 1,  // the process was put back to its start
    kForked = 2,    // it had a process of its own
    kNone = 3,      // not at all: it ran inside Node
};
inline constexpr uint8_t kTiers = 4;

}  // namespace tracemill::wire
