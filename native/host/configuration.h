// What Node says once, at the start (kConfigure).
#pragma once

#include "host/protocol.h"
#include "interface/core.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tracemill::host {

struct Configuration {
    Isolation isolation;
    uint64_t timeout_ms;  // 0 = none
    tm_options options;
    uint64_t max_record_bytes;
    std::string executable;
    std::string core_library;
    std::string libpython;
    std::vector<std::string> preload;
    std::vector<std::string> readable;  // what programs may open for reading, with all that lies below
    uint64_t scratch_bytes;             // of files that a program may write; 0 = none
    bool require_sandbox;               // no sandbox, no start
};

// Throws ProtocolError.
Configuration decode_configuration(std::span<const uint8_t> payload);

}  // namespace tracemill::host
