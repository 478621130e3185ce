// The memory that the supervisor and its executor share. The executor runs untrusted programs, and one that gets hold
// of raw memory can write anything here: the supervisor copies what it needs and checks it before use.
#pragma once

#include "interface/core.h"
#include "wire/tier.h"

#include <atomic>
#include <cstdint>
#include <span>

namespace tracemill::host {

// Slots of the control block; Node sends fewer.
inline constexpr uint64_t kMostItems = 4096;
// Records wait for Node up to this size; then the executor pauses and they are sent.
inline constexpr uint64_t kPendingBytes = 4u << 20;
// What of an area stays resident between batches.
inline constexpr uint64_t kResidentBytes = 2 * kPendingBytes;

struct Control {
    // Set by the supervisor before it lets the executor run.
    uint64_t next_offset;  // where the next record starts; the executor moves it on

    // Set by the executor. `started_at` is 0 between items; otherwise item `completed` is running.
    std::atomic<uint32_t> completed;   // items before this one have their record in the area, in order
    std::atomic<uint32_t> fresh;       // 1 = no program ran before the running item since memory was as at the start
    std::atomic<uint64_t> started_at;  // CLOCK_MONOTONIC, ns
    std::atomic<uint64_t> cpu_started_at;  // CLOCK_PROCESS_CPUTIME_ID, ns
    tm_arena arena;                        // of the running item
    tm_progress progress;                  // of the running item
    uint64_t sizes[kMostItems];            // of the records
    wire::Tier tiers[kMostItems];
};

// Records start at multiples of a cache line.
inline constexpr uint64_t next_record_offset(uint64_t end) { return (end + 63) & ~uint64_t{63}; }

// Owns the mappings; made before the first fork and inherited at the same addresses.
class SharedArea {
  public:
    // Throws std::runtime_error. `record_bytes` is the capacity of one record.
    explicit SharedArea(uint64_t record_bytes);
    ~SharedArea();
    SharedArea(const SharedArea&) = delete;
    SharedArea& operator=(const SharedArea&) = delete;

    Control& control() { return *control_; }
    std::span<uint8_t> records() { return records_; }
    std::span<uint8_t> input() { return input_; }
    uint64_t record_bytes() const { return record_bytes_; }

    // In the executor, before the descriptors are closed: no program can change the batch of the programs after it.
    bool make_input_read_only();
    // Gives back what lies above the resident part, when `used` bytes went beyond it; nobody may be using it.
    void shrink_records(uint64_t used);
    void shrink_input(uint64_t used);
    // Everything that an executor could write is zero again: the next one finds nothing of this one's programs.
    void clear();

  private:
    uint64_t record_bytes_;
    int input_fd_ = -1;
    Control* control_ = nullptr;
    std::span<uint8_t> records_;
    std::span<uint8_t> input_;
};

uint64_t monotonic_ns();

}  // namespace tracemill::host
