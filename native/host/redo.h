// Which items of a batch have to run a second time, because nobody could confirm that the programs before them in their
// process left no trace: the process died before it was compared with its start, or the comparison found something.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace tracemill::host {

class Redo {
  public:
    // Items before `end` are to be run again; one by one if it is known that one of them leaves traces, or if running
    // them together has failed.
    void need(uint32_t end, bool leaves_traces) {
        singly_ = leaves_traces || active_;
        active_ = true;
        end_ = std::max(end_, end);
        if (singly_) held_.clear();
    }
    // The record of item `end`, which ran into its time limit: it stands if the items before it prove harmless.
    void hold(std::span<const uint8_t> record) { held_.assign(record.begin(), record.end()); }

    // Items before `done` have their record: whether there is more to do.
    bool active(uint32_t done) {
        if (active_ && done >= end_) active_ = false;
        return active_;
    }
    // One past the last item of the process that starts with item `done`.
    uint32_t end(uint32_t done) const { return singly_ ? done + 1 : end_; }

    // Of item `done`, when all before it were run again; empty = it has to run.
    std::vector<uint8_t> take_held(uint32_t done) {
        return !active_ && done == end_ ? std::exchange(held_, {}) : std::vector<uint8_t>();
    }

  private:
    bool active_ = false;
    bool singly_ = false;
    uint32_t end_ = 0;
    std::vector<uint8_t> held_;
};

}  // namespace tracemill::host
