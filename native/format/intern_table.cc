#include "intern_table.h"

#include <cstring>

#include "memory/account.h"

namespace tracemill::format {

namespace {

constexpr size_t kGrowth = 4;

__extension__ typedef unsigned __int128 Wide;

uint64_t mix(uint64_t a, uint64_t b) noexcept {
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

uint64_t hash_bytes(const uint8_t* data, size_t size, uint64_t seed) noexcept {
    constexpr uint64_t kFirst = 0x9e3779b97f4a7c15u;
    constexpr uint64_t kSecond = 0xd6e8feb86659fd93u;
    uint64_t hash = seed ^ (size * kFirst);
    while (size >= 8) {
        uint64_t word;
        std::memcpy(&word, data, 8);
        hash = mix(hash ^ word ^ kFirst, kSecond);
        data += 8;
        size -= 8;
    }
    uint64_t tail = 0;
    std::memcpy(&tail, data, size);
    return mix(hash ^ tail ^ kSecond, kFirst);
}

}  // namespace

InternTable::~InternTable() {
    if (slots_ != first_) memory::release(slots_);
}

bool InternTable::grow() noexcept {
    const size_t count = (mask_ + 1) * kGrowth;
    Slot* slots = static_cast<Slot*>(memory::allocate_zeroed(count * sizeof(Slot)));
    if (slots == nullptr) return false;
    const size_t mask = count - 1;
    for (size_t i = 0; i <= mask_; ++i) {
        if (slots_[i].offset == 0) continue;
        size_t at = slots_[i].hash & mask;
        while (slots[at].offset != 0) at = (at + 1) & mask;
        slots[at] = slots_[i];
    }
    if (slots_ != first_) memory::release(slots_);
    slots_ = slots;
    mask_ = mask;
    return true;
}

uint32_t InternTable::find_or_add(const uint8_t* base, uint64_t offset, size_t size, uint32_t new_id) noexcept {
    if (used_ > mask_ / 2 && !grow()) return kNoId;
    const uint32_t hash = static_cast<uint32_t>(hash_bytes(base + offset, size, seed_));
    size_t at = hash & mask_;
    while (slots_[at].offset != 0) {
        const Slot& slot = slots_[at];
        // The comparison may run into the new operation itself, never past it.
        if (slot.hash == hash && std::memcmp(base + slot.offset, base + offset, size) == 0) return slot.id;
        at = (at + 1) & mask_;
    }
    slots_[at] = Slot{offset, hash, new_id};
    ++used_;
    return new_id;
}

}  // namespace tracemill::format
