// Ends the record of a program that did not live to end it itself.
#pragma once

#include "format/record.h"
#include "interface/core.h"

#include <cstdint>
#include <span>
#include <string>

namespace tracemill::host {

struct Ending {
    format::Status status;
    std::string detail;  // one line of text
    bool stopped;        // it did not end by itself
    uint64_t cpu_ns;
    uint64_t wall_ns;
};

// "killed by SIGSEGV" or "exited with status 1", from what waitpid() answered.
std::string describe_death(int wait_status);

// `memory` starts with `committed` bytes of a record that an executor was writing; what is after them is free. Appends
// the outcome, unless the record has one, and returns the size of the finished record. A limit that was hit before the
// end wins over `ending.status`. What is damaged is cut off.
// `streams` are the files of the program's standard streams, of which it may have written `output_bytes` each; what the
// record does not say of them it says then.
uint64_t finish_record(std::span<uint8_t> memory, uint64_t committed, uint8_t python_minor, tm_progress progress,
                       const Ending& ending, const tm_stream_files& streams, uint64_t output_bytes);

}  // namespace tracemill::host
