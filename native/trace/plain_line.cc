// Lines with loops skipped: what runs millions of times to be forgotten.
#define Py_BUILD_CORE 1
#include "python/frame_view.h"
#include "trace/recorder.h"

namespace tracemill::trace {

namespace {

// All values of a line then take no more memory than two changes would.
constexpr size_t kMostIntegers = 8;

// An int of one digit, which most loops count with.
[[gnu::always_inline]] inline bool is_small_int(PyObject* object, int64_t* value) {
    return object && Py_TYPE(object) == &PyLong_Type && tm_small_int(object, value);
}

}  // namespace

bool Recorder::plain_line(Activation& activation, PyFrameObject* frame) {
    const tm_frame_view view = tm_view_frame(frame);
    if (activation.code->code.get() != reinterpret_cast<PyObject*>(view.code)) {
        return other_event(frame, PyTrace_LINE, nullptr);
    }
    ++d_progress.lines;
    if (!d_skipping->timeline.has_room()) return false;
    ++d_progress.events;
    activation.raised_at = Activation::kNotRaised;
    const loops::Place& place = activation.loops.place_of(view.last_instruction);
    return activation.loops.line_stays(place) ? line_here(activation, frame, place)
                                              : line_elsewhere(activation, frame, place);
}

bool Recorder::line_elsewhere(Activation& activation, PyFrameObject* frame, const loops::Place& place) {
    activation.loops.follow_line(d_skipping->timeline, place);
    return line_here(activation, frame, place);
}

// Integers again: they are kept without a look at what they were.
bool Recorder::line_here(Activation& activation, PyFrameObject* frame, const loops::Place& place) {
    const loops::Shared<loops::Frame>& shown = activation.loops.frame();
    loops::Timeline& timeline = d_skipping->timeline;
    if (!timeline.has_line_room(shown, activation.loops.context())) return begin_integers(activation, frame);
    int64_t* line = timeline.add_line(shown);
    *line = place.line;
    PyObject* const* values = tm_view_frame(frame).slots;
    const size_t count = shown->slots;
    for (size_t i = 0; i < count; ++i) {
        if (!is_small_int(values[i], ++line)) return no_integers(activation, frame);
    }
    return true;
}

bool Recorder::begin_integers(Activation& activation, PyFrameObject* frame) {
    const loops::Place& place = activation.loops.place_of(tm_view_frame(frame).last_instruction);
    const bool begun = activation.all_integers &&
                       d_skipping->timeline.begin_lines(activation.loops.frame(), activation.loops.context());
    return begun ? line_here(activation, frame, place) : observed_line(activation, frame);
}

bool Recorder::no_integers(Activation& activation, PyFrameObject* frame) {
    activation.all_integers = false;
    d_skipping->timeline.take_back_line(activation.loops.frame());
    return observed_line(activation, frame);
}

bool Recorder::observed_line(Activation& activation, PyFrameObject* frame) {
    const tm_frame_view view = tm_view_frame(frame);
    loops::Timeline& timeline = d_skipping->timeline;
    const loops::Shared<loops::Frame>& shown = activation.loops.frame();
    const loops::Shared<loops::Context>& context = activation.loops.context();
    const uint32_t line = activation.loops.place_of(view.last_instruction).line;
    const bool whole = timeline.begin_event(format::EventKind::kLine, shown, line, context);
    loops::Delta* change = timeline.changes(activation.slots.size());
    // Small ints here, without a call; the rest of the slots from the first other value.
    for (Slot& slot : activation.slots) {
        int64_t small = 0;
        if (slot.small == Slot::kNoSmallInt || !is_small_int(view.slots[slot.index], &small)) {
            return rest_of_line(activation, &slot, change, whole);
        }
        if (slot.small == small) {
            if (!whole) continue;
        } else {
            slot.small = small;
            slot.ref = format::Ref::integer(small);
        }
        *change++ = {slot.index, slot.name_id, slot.ref};
    }
    timeline.changed(change);
    if (context && activation.slots.size() <= kMostIntegers) expect_integers(activation);
    return timeline.end_event();
}

// They were integers before, so their names are defined.
void Recorder::expect_integers(Activation& activation) {
    activation.all_integers = true;
    loops::Frame& frame = *activation.loops.frame();
    if (!frame.names.empty()) return;
    for (const Slot& slot : activation.slots) frame.names.push_back(slot.name_id);
    frame.slots = static_cast<uint32_t>(frame.names.size());
}

bool Recorder::rest_of_line(Activation& activation, Slot* slot, loops::Delta* change, bool whole) {
    PyObject* const* values = tm_view_frame(activation.frame).slots;
    d_looking = true;
    d_whole_state = whole;
    const Slot* const end = activation.slots.data() + activation.slots.size();
    for (; slot != end; ++slot) {
        PyObject* value = values[slot->index];
        if (!observe(*slot, value)) continue;
        if (slot->name_id == format::kNoId && !define_name(*activation.code, *slot, value)) continue;
        *change++ = {slot->index, slot->name_id, slot->ref};
    }
    loops::Timeline& timeline = d_skipping->timeline;
    timeline.changed(change);
    return looked(timeline.end_event());
}

}  // namespace tracemill::trace
