// Finishes the record of a program that was killed, for a supervisor that shares the record's memory.
#pragma once

#include <cstdint>
#include <string_view>

#include "outcome.h"

namespace tracemill::format {

// What a killed program's streams hold, as far as somebody could see.
struct ReachedStreams {
    std::string_view standard_output;
    std::string_view standard_error;
    bool stopped;  // the program was, and did not end by itself
};

// Appends the outcome behind the last valid operation of the record and publishes it. The process that wrote the record
// must be gone. Its bytes are not trusted: whatever follows the last valid operation is overwritten. Without a valid
// header the record starts anew, with `python_minor` and `flags` (RecordFlags). False when the record is complete
// already, or `capacity` has no room for an outcome; the record is then as it was. With `streams`, what its outputs do
// not say of them comes before the outcome, cut to the room that a writer would have had.
bool append_outcome(uint8_t* base, uint64_t capacity, uint64_t* committed, const Outcome& outcome, uint8_t python_minor,
                    uint8_t flags = 0, const ReachedStreams* streams = nullptr);

}  // namespace tracemill::format
