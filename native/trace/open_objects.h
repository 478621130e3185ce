// The containers around the value that is being looked at. What contains itself is found at once however deep it lies,
// and depth is bounded: what lies deeper is marked.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

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
        for (; d_table[place]; ++place) {
            if (d_table[place] == object) return Entry::kCycle;
        }
        if (d_depth == kMaxDepth) return Entry::kTooDeep;
        d_table[place] = object;
        d_places[d_depth++] = place;
        return Entry::kEntered;
    }
    // The last one entered was placed last, so that nothing had to move on because of it.
    void leave() { d_table[d_places[--d_depth]] = nullptr; }

    size_t depth() const { return d_depth; }

  private:
    static uint8_t home(const PyObject* object) {
        return static_cast<uint8_t>((reinterpret_cast<uintptr_t>(object) * 0x9e3779b97f4a7c15u) >> 56);
    }

    // Open addressing with more than twice the room; places wrap around by themselves.
    std::array<PyObject*, 256> d_table{};  // borrowed; whoever enters holds what it enters
    std::array<uint8_t, kMaxDepth> d_places{};
    size_t d_depth = 0;
};

// Between one enter() and its leave().
class Opened {
  public:
    Opened(OpenObjects& open, PyObject* object) : d_open(open), d_entry(open.enter(object)) {}
    ~Opened() {
        if (d_entry == OpenObjects::Entry::kEntered) d_open.leave();
    }
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;

    explicit operator bool() const { return d_entry == OpenObjects::Entry::kEntered; }
    bool is_cycle() const { return d_entry == OpenObjects::Entry::kCycle; }

  private:
    OpenObjects& d_open;
    const OpenObjects::Entry d_entry;
};

}  // namespace tracemill::trace
