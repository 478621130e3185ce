// How long recording took, and what that means for a program's time.
//
// A program's wall limit is for the program: it is extended by what recording took, up to a bound of its own. A run
// that meets the extended limit was too slow by itself (Status::kTimeout), unless a single look at a value took more
// than that bound (Status::kRecordLimit). Where recording took its bound otherwise, it ends and the program goes on
// without: a program that ends by itself after all was recorded in part (Status::kRecordLimit), one that does not is
// too slow, whichever of the two took more of its time before. Nobody reads a clock at every event: one event in
// kSampled is timed and stands for the others, slow looks at values are timed each, and what CPython takes to call the
// recorder at all is kCallNs an event.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <ctime>

#include "interface/core.h"

namespace tracemill::interface {

// A prime, so that no loop of a program keeps step with it.
inline constexpr uint32_t kSampled = 61;
// A trace function that does nothing takes 10 to 36 ns.
inline constexpr uint64_t kCallNs = 36;

inline uint64_t clock_ns() {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

// What recording took so far. May be asked by another thread or process than the one that records; `progress` is not
// trusted and only read.
inline uint64_t recording_ns(tm_progress& progress, uint64_t now) {
    const auto read = [](uint64_t& field) { return std::atomic_ref(field).load(std::memory_order_relaxed); };
    constexpr uint64_t kMost = uint64_t{1} << 60;  // three of them do not overflow
    const uint64_t since = read(progress.looking_since_ns);
    const uint64_t looking = since != 0 && since < now ? now - since : 0;
    return std::min(read(progress.recording_ns), kMost) + std::min(read(progress.events), kMost / kCallNs) * kCallNs +
           std::min(looking, kMost);
}

// Whether recording alone took longer than it may.
inline bool recorded_too_long(tm_progress& progress, uint64_t now, uint64_t most_ns) {
    return recording_ns(progress, now) >= most_ns;
}

// Of a run that met its extended limit: whether not the program was too slow.
inline bool ended_by_recording(tm_progress& progress, uint64_t now, uint64_t most_ns) {
    const bool goes_on = std::atomic_ref(progress.unrecorded).load(std::memory_order_relaxed) != 0;
    return !goes_on && recorded_too_long(progress, now, most_ns);
}

// What a limit of wall time is extended by.
inline uint64_t extension_ns(tm_progress& progress, uint64_t now, uint64_t most_ns) {
    return std::min(recording_ns(progress, now), most_ns);
}

// A look at a value that may take long, since it asks a library.
class SlowLook {
  public:
    SlowLook(tm_progress& progress, bool is_slow)
        : progress_(is_slow && progress.looking_since_ns == 0 ? &progress : nullptr) {
        if (progress_) std::atomic_ref(progress_->looking_since_ns).store(clock_ns(), std::memory_order_relaxed);
    }
    ~SlowLook() {
        if (!progress_) return;
        progress_->recording_ns += clock_ns() - progress_->looking_since_ns;
        std::atomic_ref(progress_->looking_since_ns).store(0, std::memory_order_relaxed);
    }
    SlowLook(const SlowLook&) = delete;
    SlowLook& operator=(const SlowLook&) = delete;

  private:
    tm_progress* const progress_;
};

// One event in kSampled; slow looks within count once.
class SampledEvent {
  public:
    explicit SampledEvent(tm_progress& progress)
        : progress_(progress), began_(clock_ns()), looked_(progress.recording_ns) {}
    ~SampledEvent() {
        const uint64_t took = clock_ns() - began_;
        const uint64_t looked = progress_.recording_ns - looked_;
        if (took > looked) progress_.recording_ns += (took - looked) * kSampled;
    }
    SampledEvent(const SampledEvent&) = delete;
    SampledEvent& operator=(const SampledEvent&) = delete;

  private:
    tm_progress& progress_;
    const uint64_t began_;
    const uint64_t looked_;
};

}  // namespace tracemill::interface
