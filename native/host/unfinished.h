// Ends the record of a program that did not live to end it itself.
#pragma once

#include "format/record.h"
#include "trace/core.h"

#include <cstdint>
#include <span>
#include <string>

namespace tracemill::host {

struct Ending {
    format::Status status;
    std::string detail;  // one line of text
    uint64_t cpu_ns;
    uint64_t wall_ns;
};

// "killed by SIGSEGV" or "exited with status 1", from what waitpid() answered.
std::string describe_death(int wait_status);

// `memory` starts with `committed` bytes of a record that an executor was writing; what is after them is free. Appends
// the outcome, unless the record has one, and returns the size of the finished record. A limit that was hit before the
// end wins over `ending.status`. What is damaged is cut off.
uint64_t finish_record(std::span<uint8_t> memory, uint64_t committed, uint8_t python_minor, tm_progress progress,
                       const Ending& ending);

}  // namespace tracemill::host
