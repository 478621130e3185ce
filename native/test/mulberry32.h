// A small generator of reproducible numbers that JavaScript can compute exactly (with Math.imul and >>> 0).
#pragma once

#include <cstdint>

namespace tracemill::test {

class Mulberry32 {
  public:
    explicit Mulberry32(uint32_t seed) : state_(seed) {}

    uint32_t next() {
        state_ += 0x6d2b79f5u;
        uint32_t t = (state_ ^ (state_ >> 15)) * (state_ | 1u);
        t ^= t + (t ^ (t >> 7)) * (t | 61u);
        return t ^ (t >> 14);
    }
    // next() % bound; bound is not 0.
    uint32_t below(uint32_t bound) { return next() % bound; }

  private:
    uint32_t state_;
};

}  // namespace tracemill::test
