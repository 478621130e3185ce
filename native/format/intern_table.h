// Which definitions a record holds already. Keys are the encoded operations in the record itself: an operation tells
// its own length, so two that agree on the length of one are the same.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ref.h"

namespace tracemill::format {

class InternTable {
  public:
    // `seed` keeps a program from choosing texts that collide; it never shows in the record.
    explicit InternTable(uint64_t seed) noexcept : seed_(seed) {}
    InternTable(const InternTable&) = delete;
    InternTable& operator=(const InternTable&) = delete;
    ~InternTable();

    // The operation at base[offset, offset + size) was just encoded behind all others. Returns the id of an equal
    // earlier one, or enters this one as `new_id` and returns that; kNoId when there is no memory.
    uint32_t find_or_add(const uint8_t* base, uint64_t offset, size_t size, uint32_t new_id) noexcept;

  private:
    struct Slot {
        uint64_t offset;  // 0 = empty: a record starts with its header
        uint32_t hash;
        uint32_t id;
    };

    // Most records hold fewer than half as many definitions.
    static constexpr size_t kFirstSlots = 128;

    bool grow() noexcept;

    Slot first_[kFirstSlots] = {};
    Slot* slots_ = first_;  // or allocated
    size_t mask_ = kFirstSlots - 1;
    size_t used_ = 0;
    uint64_t seed_;
};

}  // namespace tracemill::format
