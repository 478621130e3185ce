// Lines with loops skipped: what runs millions of times to be forgotten.
#define Py_BUILD_CORE 1
#include "python/frame_view.h"
#include "trace/recorder.h"

namespace tracemill::trace {

bool Recorder::plain_line(Activation& activation, PyFrameObject* frame) {
    const tm_frame_view view = tm_view_frame(frame);
    CodeInfo& code = *activation.code;
    if (code.code.get() != reinterpret_cast<PyObject*>(view.code)) return other_event(frame, PyTrace_LINE, nullptr);
    loops::Timeline& timeline = d_skipping->timeline;
    ++d_progress.lines;
    if (!timeline.has_room()) return false;
    ++d_progress.events;
    activation.raised_at = Activation::kNotRaised;
    const loops::Place& place = activation.loops.at(timeline, view.last_instruction, true);
    const bool whole = timeline.begin_event(format::EventKind::kLine, activation.loops.frame(), place.line,
                                            activation.loops.context());
    const size_t count = code.slot_kinds.size();
    loops::Delta* change = timeline.changes(count);
    // Small ints, which most loops count with, here, without a call; the rest of the slots from the first other value.
    Slot* slot = activation.slots.data();
    PyObject* const* const end = view.slots + count;
    for (PyObject* const* value = view.slots; value != end; ++slot, ++value) {
        int64_t small = 0;
        if (!*value || Py_TYPE(*value) != &PyLong_Type || !tm_small_int(*value, &small)) {
            return rest_of_line(activation, slot, change, whole);
        }
        if (slot->small == small) {
            if (!whole) continue;
        } else if (slot->small == Slot::kNoSmallInt) {
            return rest_of_line(activation, slot, change, whole);
        } else {
            slot->small = small;
            slot->ref = format::Ref::integer(small);
        }
        *change++ = {slot->index, slot->name_id, slot->ref};
    }
    timeline.changed(change);
    return timeline.end_event();
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
