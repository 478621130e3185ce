// When an executor that behaved is replaced all the same.
#pragma once

#include <cstdint>

namespace tracemill::host {

// Programs leave small things behind in a warm interpreter (interned strings, type caches, heap fragments); a fork
// costs a millisecond, so a fresh one now and then keeps memory flat.
class Recycling {
  public:
    void executor_started() { programs_ = 0; }
    void programs_ran(uint64_t count) { programs_ += count; }
    bool due() const { return programs_ >= kProgramsPerExecutor; }

  private:
    static constexpr uint64_t kProgramsPerExecutor = 20'000;
    uint64_t programs_ = 0;
};

}  // namespace tracemill::host
