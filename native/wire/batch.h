// The payload of a kBatch frame, decoded into what the core runs. host/protocol.h specifies it among the other frames.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "interface/core.h"

namespace tracemill::wire {

enum ItemFlags : uint8_t {
    kItemHasEntry = 1 << 0,
    kItemHasStdin = 1 << 1,
    kItemHasArgv = 1 << 2,
};

struct Batch {
    uint64_t sequence = 0;
    std::vector<tm_program> programs;  // point into the payload, which must outlive them, and into `arguments`
    std::deque<std::vector<tm_text>> arguments;
};

// False with one line of text in `error` when the payload is not a batch.
bool decode_batch(std::string_view payload, Batch& batch, std::string& error);

}  // namespace tracemill::wire
