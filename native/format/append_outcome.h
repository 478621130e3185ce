// Finishes the record of a program that was killed, for a supervisor that shares the record's memory.
#pragma once

#include <cstdint>

#include "outcome.h"

namespace tracemill::format {

// Appends the outcome behind the last valid operation of the record and publishes it. The process that wrote the record
// must be gone. Its bytes are not trusted: whatever follows the last valid operation is overwritten. Without a valid
// header the record starts anew, with `python_minor` and `flags` (RecordFlags). False when the record is complete
// already, or `capacity` has no room for an outcome; the record is then as it was.
bool append_outcome(uint8_t* base, uint64_t capacity, uint64_t* committed, const Outcome& outcome, uint8_t python_minor,
                    uint8_t flags = 0);

}  // namespace tracemill::format
