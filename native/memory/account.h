// What the recorder holds in memory while a program runs, counted and bounded. It is never the program's: that has an
// account of its own (python/memory_limit.h). In a core every allocation of C++ is counted (operator_new.cc), and so
// is what CPython allocates for the recorder's sake (python/recorder_heap.h); the tracer process and the addon only
// have the arrays of format/ here, and no limit.
#pragma once

#include <malloc.h>
#include <sys/single_threaded.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "memory/room.h"

namespace tracemill::memory {

// Of the recorder's memory there is room for in any process (host/sandbox_limits.cc); more gets it in steps of as much.
inline constexpr int64_t kRoomStep = int64_t{16} << 20;

struct Account {
    // Signed: what was taken before the limit was set may be given back after.
    std::atomic<int64_t> used{0};
    std::atomic<int64_t> limit{INT64_MAX};
    std::atomic<int64_t> start{0};          // what was in use when the program began
    std::atomic<int64_t> roomy{INT64_MAX};  // there is room for as much; never above the limit
    std::atomic<bool> refused{false};
};

inline Account s_account;

// A locked instruction takes as long as an allocation.
inline void charge(int64_t bytes) noexcept {
    if (__libc_single_threaded) {
        s_account.used.store(s_account.used.load(std::memory_order_relaxed) + bytes, std::memory_order_relaxed);
    } else {
        s_account.used.fetch_add(bytes, std::memory_order_relaxed);
    }
}

inline void note_refusal() noexcept { s_account.refused.store(true, std::memory_order_relaxed); }
inline void forget_refusal() noexcept { s_account.refused.store(false, std::memory_order_relaxed); }
inline bool was_refused() noexcept { return s_account.refused.load(std::memory_order_relaxed); }

inline bool is_within(std::atomic<int64_t>& bound, size_t bytes) noexcept {
    const int64_t used = s_account.used.load(std::memory_order_relaxed);
    // Compared without a sum, which could overflow.
    return bytes <= static_cast<size_t>(INT64_MAX) &&
           static_cast<int64_t>(bytes) <= bound.load(std::memory_order_relaxed) - (used > 0 ? used : 0);
}

inline void note_room() noexcept {
    const auto room = std::max(static_cast<int64_t>(AddressRoom::now(Purpose::kRecorder).data), kRoomStep);
    const int64_t limit = s_account.limit.load(std::memory_order_relaxed);
    const int64_t roomy = s_account.start.load(std::memory_order_relaxed) + room;
    s_account.roomy.store(AddressRoom::is_bounded() ? std::min(limit, roomy) : limit, std::memory_order_relaxed);
}

[[gnu::noinline]] inline bool make_room(size_t bytes) noexcept {
    if (!is_within(s_account.limit, bytes)) {
        note_refusal();
        return false;
    }
    const int64_t above = s_account.used.load() - s_account.start.load() + static_cast<int64_t>(bytes);
    const auto room = static_cast<uint64_t>((above / kRoomStep + 1) * kRoomStep);
    AddressRoom::need(Purpose::kRecorder, {room, room});
    note_room();
    return true;
}

// Whether so many bytes more may be taken; notes a refusal.
inline bool allows(size_t bytes) noexcept {
    if (is_within(s_account.roomy, bytes)) return true;
    return make_room(bytes);
}

// NULL when refused, by the limit or by the system.
inline void* reallocate(void* block, size_t size) noexcept {
    const size_t before = block ? malloc_usable_size(block) : 0;
    if (size > before && !allows(size - before)) return nullptr;
    void* moved = std::realloc(block, size != 0 ? size : 1);
    if (moved) {
        charge(static_cast<int64_t>(malloc_usable_size(moved)) - static_cast<int64_t>(before));
    } else {
        note_refusal();
    }
    return moved;
}

inline void* allocate(size_t size) noexcept { return reallocate(nullptr, size); }

// Zeroed, by pages that the system has zeroed already.
inline void* allocate_zeroed(size_t size) noexcept {
    void* block = allows(size) ? std::calloc(1, size) : nullptr;
    if (block) {
        charge(static_cast<int64_t>(malloc_usable_size(block)));
    } else {
        note_refusal();
    }
    return block;
}

inline void release(void* block) noexcept {
    if (!block) return;
    charge(-static_cast<int64_t>(malloc_usable_size(block)));
    std::free(block);
}

// From now on `bytes` above what is in use are allowed; 0 = unbounded.
inline void set_limit(uint64_t bytes) noexcept {
    const int64_t used = std::max(s_account.used.load(std::memory_order_relaxed), int64_t{0});
    const bool bounded = bytes != 0 && bytes < static_cast<uint64_t>(INT64_MAX - used);
    s_account.limit.store(bounded ? used + static_cast<int64_t>(bytes) : INT64_MAX, std::memory_order_relaxed);
    note_room();
}

inline void start_program() noexcept {
    AddressRoom::start_program();
    forget_refusal();
    s_account.start.store(std::max(s_account.used.load(std::memory_order_relaxed), int64_t{0}));
}

}  // namespace tracemill::memory
