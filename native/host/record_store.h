// The records of a batch that Node does not have yet, in memory of the supervisor's own: no executor maps it, not even
// one that is forked while records wait, so that none can read or change what another one recorded.
#pragma once

#include "wire/tier.h"

#include <cstdint>
#include <span>
#include <vector>

namespace tracemill::host {

class RecordStore {
  public:
    // Throws std::runtime_error. `record_bytes` is the most that one record takes.
    explicit RecordStore(uint64_t record_bytes);
    ~RecordStore();
    RecordStore(const RecordStore&) = delete;
    RecordStore& operator=(const RecordStore&) = delete;

    // Of the batch so far; those of freed ones count on.
    uint32_t count() const { return static_cast<uint32_t>(records_.size()); }
    // That the records take which were not freed.
    uint64_t bytes() const { return end_; }
    std::span<const uint8_t> record(uint32_t item) const;
    wire::Tier tier(uint32_t item) const { return records_[item].tier; }

    // `record` has at most the bytes of one record, and bytes() is below kPendingBytes.
    void add(std::span<const uint8_t> record, wire::Tier tier);
    // Where the next one may be written, with room for a record; it counts once it is taken.
    std::span<uint8_t> room();
    void take(uint64_t size, wire::Tier tier);

    // The memory of all, which keep their numbers.
    void free();
    void start_batch();

  private:
    struct Place {
        uint64_t offset;
        uint64_t size;
        wire::Tier tier;
    };

    std::span<uint8_t> memory_;
    const uint64_t record_bytes_;
    std::vector<Place> records_;
    uint64_t end_ = 0;  // of the records in memory_
};

}  // namespace tracemill::host
