// Encodes an outcome at the end of a record, for the writer of the record and for a supervisor that did not write it.
#pragma once

#include <cstdint>

#include "outcome.h"

namespace tracemill::format {

// The end of a record in memory, and how many types and values it defines before that end.
struct RecordEnd {
    uint8_t* base;
    uint64_t capacity;
    uint64_t position;
    uint32_t types;
    uint32_t values;
};

// Writes the outcome, with the definitions it needs before it, and moves `end` past it; texts are cut to fit. False,
// with `end` as it was, when not even an outcome without texts fits. `exception_type` is the id of the type of
// outcome.exception when the record defines it already. Publishing the new end is left to the caller.
bool write_outcome(RecordEnd& end, const Outcome& outcome, uint32_t exception_type = kNoId) noexcept;

}  // namespace tracemill::format
