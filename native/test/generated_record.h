// Records of a program that never ran: every operation and every kind of value, in an order drawn from a seed.
#pragma once

#include <cstdint>
#include <string>

#include "test_arena.h"

namespace tracemill::test {

// Writes the record through RecordWriter and returns the dump it must have, printed from what was asked of the writer
// and not from the record.
std::string generate(Arena& arena, uint32_t seed);

}  // namespace tracemill::test
