// The memory that a record grows in. One mapping serves all runs: the address space is reserved, pages come as the
// record grows, and go back to the system after a big one.
#pragma once

#include <cstdint>

#include "interface/core.h"

namespace tracemill::binding {

// Owned and used by the engine's thread only.
class InlineArena {
  public:
    InlineArena() = default;
    InlineArena(const InlineArena&) = delete;
    InlineArena& operator=(const InlineArena&) = delete;
    ~InlineArena();

    // False when the system refuses `capacity` bytes of address space.
    bool reserve(uint64_t capacity);
    // Empty, for the next run.
    tm_arena view() const { return {base_, capacity_, 0}; }
    // Gives back the pages of a record that was bigger than what is worth keeping.
    void release(uint64_t used);

  private:
    uint8_t* base_ = nullptr;
    uint64_t capacity_ = 0;
};

}  // namespace tracemill::binding
