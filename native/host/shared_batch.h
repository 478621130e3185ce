// A batch where supervisor and executor both have it, in the input area: what Node sent, and behind it what it was
// decoded into. An executor allocates nothing for it, and no program can change it.
#pragma once

#include "wire/batch.h"

#include <cstdint>
#include <span>
#include <string>

namespace tracemill::host {

// Where a payload of this size goes in the area; empty when it is too large.
std::span<uint8_t> payload_of(std::span<uint8_t> area, uint64_t size);

// In the supervisor, of the payload that lies there. False with one line of text in `error`. `batch` is what the area
// holds.
bool share_batch(std::span<uint8_t> area, uint64_t payload_bytes, wire::Batch& batch, std::string& error);

// The bytes of the area that the batch takes.
uint64_t shared_bytes(std::span<const uint8_t> area);
std::span<const tm_program> shared_programs(std::span<const uint8_t> area);

}  // namespace tracemill::host
