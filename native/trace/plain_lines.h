// Lines with loops skipped, of frames with plain slots: what runs millions of times to be forgotten.
#pragma once

#include <cstdint>

#include "interface/core.h"
#include "loops/timeline.h"
#include "trace/activation.h"

namespace tracemill::trace {

class PlainLines {
  public:
    PlainLines(loops::Timeline& timeline, tm_progress& progress) : timeline_(timeline), progress_(progress) {}

    enum class Result : uint8_t {
        kRecorded,
        kFull,        // the record, in bytes or events
        kUnfinished,  // the event has begun; of its slots, those from rest() on are to be looked at
        kOtherFrame,  // another frame lies where the activation's was, or it has other names too; nothing happened
    };

    // A line event of the innermost frame, whose activation has `lines` other than kAny.
    Result record(Activation& activation, PyFrameObject* frame);

    // After kUnfinished: the first slot that holds no small int, and whether the event shows every name.
    Slot* rest() const { return rest_; }
    bool shows_all() const { return whole_; }

  private:
    [[gnu::noinline]] Result mixed_line(Activation& activation, PyFrameObject* frame);
    // False when the record is full.
    [[gnu::always_inline]] inline bool count(Activation& activation);
    [[gnu::always_inline]] inline Result observe_line(Activation& activation, PyObject* const* values,
                                                      const loops::Place& place);
    [[gnu::noinline]] void expect_integers(Activation& activation);
    // All slots were integers for a while.
    [[gnu::noinline]] Result integer_line(Activation& activation, PyFrameObject* frame);
    [[gnu::noinline]] Result integer_line_elsewhere(Activation& activation, PyFrameObject* frame,
                                                    const loops::Place& place);
    [[gnu::always_inline]] inline Result keep_integers(Activation& activation, PyFrameObject* frame,
                                                       const loops::Place& place);
    [[gnu::noinline]] Result begin_integers(Activation& activation, PyFrameObject* frame, const loops::Place& place);
    [[gnu::noinline]] Result no_integers(Activation& activation, PyFrameObject* frame);

    loops::Timeline& timeline_;
    tm_progress& progress_;
    Slot* rest_ = nullptr;
    bool whole_ = false;
};

}  // namespace tracemill::trace
