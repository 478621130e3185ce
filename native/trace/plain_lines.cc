#define Py_BUILD_CORE 1
#include "trace/plain_lines.h"

#include "python/frame_view.h"

namespace tracemill::trace {
namespace {

// All values of a line then take no more memory than two changes would.
constexpr size_t kMostIntegers = 8;
// So many lines with integers only in a row, and more are expected. Few would not pay: the next other line shows all.
constexpr uint32_t kEnoughLines = 16;

// An int of one digit, which most loops count with.
[[gnu::always_inline]] inline bool is_small_int(PyObject* object, int64_t* value) {
    return object && Py_TYPE(object) == &PyLong_Type && tm_small_int(object, value);
}

// False for another frame that lies where the activation's was, and where there are names besides those of the slots.
bool is_of(const CodeInfo& code, const tm_frame_view& view) { return code.code == view.code && !view.gained; }

}  // namespace

bool PlainLines::count(Activation& activation) {
    ++progress_.lines;
    if (!timeline_.has_room()) return false;
    ++progress_.events;
    activation.raised_at = Activation::kNotRaised;
    return true;
}

PlainLines::Result PlainLines::record(Activation& activation, PyFrameObject* frame) {
    return activation.lines == Activation::Lines::kIntegers ? integer_line(activation, frame)
                                                            : mixed_line(activation, frame);
}

PlainLines::Result PlainLines::mixed_line(Activation& activation, PyFrameObject* frame) {
    const tm_frame_view view = tm_view_frame(frame);
    if (!is_of(*activation.code, view)) return Result::kOtherFrame;
    if (!count(activation)) return Result::kFull;
    const loops::Place& place = activation.loops.at(timeline_, view.last_instruction, true);
    return observe_line(activation, view.slots, place);
}

PlainLines::Result PlainLines::observe_line(Activation& activation, PyObject* const* values,
                                            const loops::Place& place) {
    const bool whole = timeline_.begin_event(format::EventKind::kLine, activation.loops.frame(), place.line,
                                             activation.loops.context());
    loops::Delta* change = timeline_.changes(activation.slots.size());
    // Small ints here, without a call; the rest of the slots from the first other value.
    for (Slot& slot : activation.slots) {
        int64_t small = 0;
        if (slot.small == Slot::kNoSmallInt || !is_small_int(*values++, &small)) {
            activation.integer_lines = 0;
            timeline_.changed(change);
            rest_ = &slot;
            whole_ = whole;
            return Result::kUnfinished;
        }
        if (slot.small == small) {
            if (!whole) continue;
        } else {
            slot.small = small;
            slot.ref = format::Ref::integer(small);
        }
        *change++ = {slot.index, slot.name_id, slot.ref};
    }
    timeline_.changed(change);
    if (++activation.integer_lines == kEnoughLines) expect_integers(activation);
    return timeline_.end_event() ? Result::kRecorded : Result::kFull;
}

void PlainLines::expect_integers(Activation& activation) {
    activation.integer_lines = 0;
    if (!activation.loops.context() || activation.slots.size() > kMostIntegers) return;
    activation.lines = Activation::Lines::kIntegers;
    // They were integers before, so their names are defined.
    loops::Frame& frame = *activation.loops.frame();
    if (!frame.names.empty()) return;
    for (const Slot& slot : activation.slots) frame.names.push_back(slot.name_id);
    frame.slots = static_cast<uint32_t>(frame.names.size());
}

PlainLines::Result PlainLines::integer_line(Activation& activation, PyFrameObject* frame) {
    const tm_frame_view view = tm_view_frame(frame);
    if (!is_of(*activation.code, view)) return Result::kOtherFrame;
    if (!count(activation)) return Result::kFull;
    const loops::Place& place = activation.loops.place_of(view.last_instruction);
    return activation.loops.line_stays(place) ? keep_integers(activation, frame, place)
                                              : integer_line_elsewhere(activation, frame, place);
}

PlainLines::Result PlainLines::integer_line_elsewhere(Activation& activation, PyFrameObject* frame,
                                                      const loops::Place& place) {
    activation.loops.follow_line(timeline_, place);
    return keep_integers(activation, frame, place);
}

// Without a look at what they were.
PlainLines::Result PlainLines::keep_integers(Activation& activation, PyFrameObject* frame, const loops::Place& place) {
    const loops::Shared<loops::Frame>& shown = activation.loops.frame();
    if (!timeline_.has_line_room(shown, activation.loops.context())) return begin_integers(activation, frame, place);
    int64_t* line = timeline_.add_line(shown);
    *line = place.line;
    PyObject* const* values = tm_view_frame(frame).slots;
    const size_t count = shown->slots;
    for (size_t i = 0; i < count; ++i) {
        if (!is_small_int(values[i], ++line)) return no_integers(activation, frame);
    }
    return Result::kRecorded;
}

PlainLines::Result PlainLines::begin_integers(Activation& activation, PyFrameObject* frame, const loops::Place& place) {
    if (timeline_.begin_lines(activation.loops.frame(), activation.loops.context())) {
        return keep_integers(activation, frame, place);
    }
    activation.lines = Activation::Lines::kMixed;
    return observe_line(activation, tm_view_frame(frame).slots, place);
}

PlainLines::Result PlainLines::no_integers(Activation& activation, PyFrameObject* frame) {
    timeline_.take_back_line(activation.loops.frame());
    activation.lines = Activation::Lines::kMixed;
    const tm_frame_view view = tm_view_frame(frame);
    return observe_line(activation, view.slots, activation.loops.place_of(view.last_instruction));
}

}  // namespace tracemill::trace
