// When Node is shown the records of a batch that still runs. It renders them meanwhile; what it gets last it renders
// while everybody waits, so towards the end it gets less and less.
#pragma once

#include <algorithm>
#include <cstdint>

namespace tracemill::host {

// Times in nanoseconds of one clock.
class Showing {
  public:
    void batch_started(uint64_t now, uint32_t items) {
        began_ = now;
        items_ = items;
        interval_ = kEveryNs;
        at_ = now + interval_;
    }

    // When to ask next.
    uint64_t at() const { return at_; }

    // Whether to show, when `done` items have a record and `unseen` of these Node does not have.
    bool worth_it(uint64_t now, uint32_t done, uint32_t unseen) {
        const uint64_t left = time_left(now, done);
        const bool worth = unseen >= kWorthWaking || (unseen > 0 && left < kEveryNs);
        // Slow programs: whoever looks for nothing waits longer.
        interval_ = worth ? std::clamp(left / 2, kLeastNs, kEveryNs) : std::min(2 * interval_, kRarelyNs);
        at_ = now + interval_;
        return worth;
    }

  private:
    static constexpr uint64_t kLeastNs = 250'000;
    static constexpr uint64_t kEveryNs = 2'000'000;
    static constexpr uint64_t kRarelyNs = 64'000'000;
    static constexpr uint32_t kWorthWaking = 8;

    // Of the batch, at its pace so far.
    uint64_t time_left(uint64_t now, uint32_t done) const {
        return done == 0 ? UINT64_MAX : (now - began_) / done * (items_ - std::min(done, items_));
    }

    uint64_t began_ = 0;
    uint32_t items_ = 0;
    uint64_t interval_ = kEveryNs;
    uint64_t at_ = 0;
};

}  // namespace tracemill::host
