// Where a code object's instructions stand: on which line, in which loop, and whether a line event there begins an
// iteration.
//
// Which loop an instruction belongs to comes from Python's grammar: its place in the source against the parser's tree
// (code for handlers and `finally` lies elsewhere in the bytecode, at the same place in the source). Where an iteration
// begins comes from the bytecode, because several loops, or all of a loop, may be on one line: a `for` loop and a
// clause of a comprehension go around at FOR_ITER (GET_ANEXT), a `while` loop at the first instruction of its test, of
// which there are two copies, or, where the whole loop is on one line, at the first of its body. CPython reports a line
// event at all of these in every iteration but perhaps the first, which is what the tracer sees.
//
// What a `for` loop goes over is evaluated before the loop; its `else` runs after it.
#pragma once

#include <cstdint>
#include <vector>

#include "loops/source_loops.h"

namespace tracemill::loops {

struct Loop {
    uint32_t line = 0;
    int parent = -1;             // the loop around it in the same code object
    bool in_parent_body = true;  // false: in the parent's test
};

// Of a power of two bytes: looked up at every event.
struct alignas(16) Place {
    enum class Start : uint8_t {
        kNone,
        kTest,          // of an iteration that may not happen
        kRepeatedTest,  // the same; of the second iteration at least
        kBody,          // of an iteration that happens; of the second at least
    };

    static constexpr int kOutside = -1;
    static constexpr int kUnknown = -2;  // made by the compiler, at no place in the source
    static constexpr int kNowhere = -3;

    int loop = kUnknown;
    int line_stays_in = kNowhere;  // `loop`, unless a line event here begins an iteration of it
    uint32_t line = 0;             // 0: none
    bool in_body = false;          // of `loop`
    Start start = Start::kNone;
};

class LoopTable {
  public:
    LoopTable(const SourceLoops& source, PyCodeObject* code);

    const Loop& loop(int index) const { return loops_[index]; }
    // By instruction index.
    const Place& at(int instruction) const {
        static constexpr Place kNone;
        if (static_cast<size_t>(instruction) < count_) [[likely]]
            return first_[instruction];
        return kNone;
    }
    // Whether `inner` is `loop` or lies in it.
    bool encloses(int loop, int inner) const {
        for (; inner >= 0; inner = loops_[inner].parent) {
            if (inner == loop) return true;
        }
        return false;
    }

  private:
    std::vector<Loop> loops_;
    std::vector<Place> places_;
    const Place* first_ = nullptr;  // of places_, once there are all
    size_t count_ = 0;
};

}  // namespace tracemill::loops
