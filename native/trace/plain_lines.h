// Lines with loops skipped, of frames with plain slots: what runs millions of times to be forgotten.
#pragma once

#include <cstdint>

#include "interface/core.h"
#include "loops/timeline.h"
#include "trace/activation.h"

namespace tracemill::trace {

class PlainLines {
  public:
    PlainLines(loops::Timeline& timeline, tm_progress& progress) : d_timeline(timeline), d_progress(progress) {}

    enum class Result : uint8_t {
        kRecorded,
        kFull,        // the record, in bytes or events
        kUnfinished,  // the event has begun; of its slots, those from rest() on are to be looked at
        kOtherFrame,  // another frame lies where the activation's was; nothing happened
    };

    // A line event of the innermost frame, whose activation has `lines` other than kAny.
    Result record(Activation& activation, PyFrameObject* frame);

    // After kUnfinished: the first slot that holds no small int, and whether the event shows every name.
    Slot* rest() const { return d_rest; }
    bool shows_all() const { return d_whole; }

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

    loops::Timeline& d_timeline;
    tm_progress& d_progress;
    Slot* d_rest = nullptr;
    bool d_whole = false;
};

}  // namespace tracemill::trace
