// The containers around the value that is being looked at. What contains itself is found at once however deep it lies,
// and depth is bounded: what lies deeper is marked.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "python/compat.h"

namespace tracemill::trace {

class OpenObjects {
  public:
    // Levels that show.
    static constexpr size_t kMaxDepth = 100;

    enum class Entry { kEntered, kCycle, kTooDeep };

    // Each kEntered is paired with one leave(), in reverse order.
    Entry enter(PyObject* object) {
        uint8_t place = home(object);
        for (; table_[place]; ++place) {
            if (table_[place] == object) return Entry::kCycle;
        }
        if (depth_ == kMaxDepth) return Entry::kTooDeep;
        table_[place] = object;
        places_[depth_++] = place;
        return Entry::kEntered;
    }
    // Which one it is. The last one entered was placed last, so that nothing had to move on because of it.
    PyObject* leave() { return std::exchange(table_[places_[--depth_]], nullptr); }

    size_t depth() const { return depth_; }

  private:
    static uint8_t home(const PyObject* object) {
        return static_cast<uint8_t>((reinterpret_cast<uintptr_t>(object) * 0x9e3779b97f4a7c15u) >> 56);
    }

    // Open addressing with more than twice the room; places wrap around by themselves.
    std::array<PyObject*, 256> table_{};  // borrowed; whoever enters holds what it enters
    std::array<uint8_t, kMaxDepth> places_{};
    size_t depth_ = 0;
};

// Between one enter() and its leave().
class Opened {
  public:
    Opened(OpenObjects& open, PyObject* object) : open_(open), entry_(open.enter(object)) {}
    ~Opened() {
        if (entry_ == OpenObjects::Entry::kEntered) open_.leave();
    }
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;

    explicit operator bool() const { return entry_ == OpenObjects::Entry::kEntered; }
    OpenObjects::Entry entry() const { return entry_; }

  private:
    OpenObjects& open_;
    const OpenObjects::Entry entry_;
};

}  // namespace tracemill::trace
