#define Py_BUILD_CORE 1
#include "trace/recorder.h"

#include <ctime>

#include "python/frame_view.h"
#include "python/threads.h"
#include "trace/event_sink.h"

namespace tracemill::trace {
namespace {

// Lets other threads run.
void give_way() {
    constexpr timespec kMoment = {0, 100'000};
    Py_BEGIN_ALLOW_THREADS;
    nanosleep(&kMoment, nullptr);
    Py_END_ALLOW_THREADS;
}

}  // namespace

using format::EventKind;

Recorder::Recorder(CodeRegistry& codes, std::string_view source, format::RecordWriter& writer,
                   const tm_options& options, tm_progress& progress, uint64_t record_number)
    : writer_(writer), options_(options), progress_(progress),
      skipped_(options.skip_loops ? std::make_optional<SkippedLoops>(
                                        writer, loops::Limits{options.loop_head, options.loop_tail, options.max_events})
                                  : std::nullopt),
      values_(writer, options, progress, skipped_ ? &skipped_->values : nullptr),
      scope_(codes, writer, options, record_number), namespaces_(writer, options),
      activations_(codes, source, scope_, writer, skipped_ ? &*skipped_ : nullptr), threads_(activations_),
      thread_(&threads_.main()) {
    if (skipped_) plain_lines_.emplace(skipped_->timeline, progress);
}

bool Recorder::next_line(Activation& activation, PyFrameObject* frame) {
    const tm_frame_view view = tm_view_frame(frame);
    if (activation.code->code != view.code) {
        return other_event(frame, PyTrace_LINE, nullptr);
    }
    thread_->looks = true;
    return looked(line(activation, view));
}

bool Recorder::other_line(PlainLines::Result result, Activation& activation, PyFrameObject* frame) {
    if (result == PlainLines::Result::kUnfinished) return rest_of_line(activation);
    return result == PlainLines::Result::kOtherFrame && other_event(frame, PyTrace_LINE, nullptr);
}

bool Recorder::rest_of_line(Activation& activation) {
    PyObject* const* values = tm_view_frame(activation.frame).slots;
    ThreadRecording& thread = *thread_;
    LoopSink sink(skipped_->timeline, thread);
    sink.go_on_with(activation);
    thread.looks = true;
    whole_state_ = plain_lines_->shows_all();
    const Slot* const end = activation.slots.data() + activation.slots.size();
    for (Slot* slot = plain_lines_->rest(); slot != end; ++slot) {
        PyObject* value = values[slot->index];
        if (!observe(*slot, value)) continue;
        if (slot->name_id == format::kNoId && !activation.define_name(writer_, *slot, value)) continue;
        go_on_in(thread);
        sink.change(slot->index, slot->name_id, slot->ref);
    }
    go_on_in(thread);
    return looked(sink.end());
}

bool Recorder::other_event(PyFrameObject* frame, int what, PyObject* argument) {
    ThreadRecording& thread = here();
    if (&thread == &threads_.others() || (ended_ && &thread != &threads_.main())) tm_park_thread();
    const tm_frame_view view = tm_view_frame(frame);
    CodeInfo* code = scope_.code_of(frame, what, thread.stack);
    if (!code) return true;
    thread.looks = true;
    bool room = true;
    switch (what) {
        case PyTrace_CALL:
            room = called(view, frame, *code);
            break;
        case PyTrace_LINE:
            room = line(thread.stack.current(frame, *code), view);
            break;
        case PyTrace_EXCEPTION: {
            Activation& activation = thread.stack.current(frame, *code);
            room = write(EventKind::kException, activation, view, argument);
            activation.raised_at = view.last_instruction;
            break;
        }
        case PyTrace_RETURN:
            room = left(view, frame, *code, argument);
            break;
        default:
            break;
    }
    return looked(room);
}

bool Recorder::line(Activation& activation, const tm_frame_view& view) {
    ++progress_.lines;
    const bool room = write_inline(EventKind::kLine, activation, view, nullptr);
    activation.raised_at = Activation::kNotRaised;
    return room;
}

ThreadRecording& Recorder::running() {
    PyThreadState* state = PyThreadState_Get();
    if (thread_->state == state) return *thread_;
    ThreadRecording* thread = threads_.find(state);
    return thread ? *thread : threads_.others();
}

// What the thread before was writing waits for it.
void Recorder::change_to(ThreadRecording& thread) {
    ThreadRecording& before = *thread_;
    thread_ = &thread;
    writer_.exchange_event(before.event);
    writer_.exchange_event(thread.event);
    values_.change_renderer(before.renderer, thread.renderer);
    if (!skipped_) {
        writer_.thread(thread.number);
        return;
    }
    interrupt(before);
    before.clock = skipped_->timeline.go_on_in(thread.number, thread.clock);
    begin_again(thread);
}

void Recorder::interrupt(ThreadRecording& thread) {
    if (thread.shown) thread.interrupted = skipped_->timeline.take_back_event();
}

void Recorder::begin_again(const ThreadRecording& thread) {
    if (!thread.interrupted) return;
    const loops::Operation& event = *thread.interrupted;
    const loops::FrameLoops& loops = thread.shown->loops;
    skipped_->timeline.begin_event(event.event, loops.frame(), event.line, loops.context());
}

void Recorder::thread_started(PyThreadState* state) {
    here();
    threads_.start(state);
}

void Recorder::end_threads() {
    ended_ = true;
    while (threads_.any_looks()) give_way();
    here();
}

format::Ref Recorder::seen_once(PyObject* value) {
    ThreadRecording& thread = *thread_;
    const format::Ref ref = values_.once(value);
    go_on_in(thread);
    return ref;
}

format::Ref Recorder::result(PyObject* value) {
    ThreadRecording& thread = here();
    thread.looks = true;
    const format::Ref ref = values_.result(value);
    go_on_in(thread);
    thread.looks = false;
    return skipped_ ? skipped_->values.in_record(ref) : ref;
}

bool Recorder::output(format::Stream stream, std::string_view text) {
    ThreadRecording& thread = here();
    // What a thread does while it is stopped.
    if (progress_.limit != 0 && !is_on_main_thread()) return true;
    if (!skipped_) return writer_.output(stream, text);
    // A finaliser may print while values are looked at.
    interrupt(thread);
    const bool room = skipped_->timeline.output(stream, text, thread.stack.context());
    begin_again(thread);
    return room;
}

bool Recorder::finish() {
    if (!skipped_) return true;
    threads_.end_all();
    activations_.end_suspended();
    return skipped_->timeline.flush();
}

void Recorder::sweep_values() {
    if (!skipped_->values.wants_sweep()) return;
    const auto mark = [this](const Activation& activation) {
        activation.each_slot([this](const Slot& slot) { skipped_->values.mark(slot.ref); });
    };
    threads_.each([&](const ThreadRecording& thread) { thread.stack.each(mark); });
    activations_.each_suspended(mark);
    skipped_->timeline.mark_values();
    values_.mark_deferred();
    skipped_->values.sweep();
}

bool Recorder::called(const tm_frame_view& view, PyFrameObject* frame, CodeInfo& code) {
    const bool starts = view.last_instruction <= code.first_traceable;
    if (!starts && (code.flags & format::kCodeGenerator)) {
        Activation& activation = thread_->stack.current(frame, code);
        activation.raised_at = Activation::kNotRaised;
        return write(EventKind::kResume, activation, view, nullptr);
    }
    return write(EventKind::kCall, thread_->stack.start(frame, code), view, nullptr);
}

// From 3.12 a frame that an exception leaves reports None. It is told from a return by the instruction it stopped at;
// an exception thrown into a suspended frame is raised at the yield itself.
bool Recorder::is_unwinding(const Activation& activation, const tm_frame_view& view) const {
    if (activation.code->is_return(view.last_instruction)) return false;
    return !activation.code->is_yield(view.last_instruction) || view.last_instruction == activation.raised_at;
}

bool Recorder::left(const tm_frame_view& view, PyFrameObject* frame, CodeInfo& code, PyObject* value) {
    Activation& activation = thread_->stack.current(frame, code);
    const bool unwound = !value || (value == Py_None && is_unwinding(activation, view));
    const bool yields = !unwound && code.is_yield(view.last_instruction);
    const bool room =
        write(yields ? EventKind::kYield : EventKind::kReturn, activation, view, unwound ? nullptr : value);
    activation.raised_at = Activation::kNotRaised;
    if (yields) {
        thread_->stack.suspend();
    } else {
        thread_->stack.end();
    }
    return room;
}

bool Recorder::write(EventKind kind, Activation& activation, const tm_frame_view& view, PyObject* argument) {
    return write_inline(kind, activation, view, argument);
}

bool Recorder::write_inline(EventKind kind, Activation& activation, const tm_frame_view& view, PyObject* argument) {
    if (skipped_) {
        return skipped_->timeline.has_room() &&
               write_to(LoopSink(skipped_->timeline, *thread_), kind, activation, view, argument);
    }
    if (options_.max_events != 0 && progress_.events >= options_.max_events) return false;
    return write_to(RecordSink(writer_), kind, activation, view, argument);
}

template <typename Sink>
bool Recorder::write_to(Sink sink, EventKind kind, Activation& activation, const tm_frame_view& view,
                        PyObject* argument) {
    ++progress_.events;
    whole_state_ = sink.begin(kind, activation, view.last_instruction);
    if (view.namespace_ && !(view.code->co_flags & CO_OPTIMIZED)) {
        observe_namespace(sink, activation);
    } else {
        observe_fast_locals(sink, activation, view);
        if (view.gained) [[unlikely]]
            observe_gained(sink, activation);
    }
    if (argument && kind == EventKind::kException) {
        write_exception(sink, argument);
    } else if (argument) {
        sink.payload_value(seen_once(argument));
    }
    return sink.end();
}

template <typename Sink>
void Recorder::observe_fast_locals(Sink sink, Activation& activation, const tm_frame_view& view) {
    const CodeInfo& code = *activation.code;
    const size_t count = code.slot_kinds.size();
    Slot* slots = activation.slots.data();
    PyObject* const* values = view.slots;
    ThreadRecording& thread = *thread_;
    const auto show = [&](Slot& slot, PyObject* value) {
        go_on_in(thread);
        if (slot.name_id == format::kNoId && !activation.define_name(writer_, slot, value)) return;
        sink.change(slot.index, slot.name_id, slot.ref);
    };
    if (code.has_plain_slots && !whole_state_) [[likely]] {
        for (size_t i = 0; i < count; ++i) {
            if (values_.observe(slots[i], values[i])) show(slots[i], values[i]);
        }
        go_on_in(thread);
        return;
    }
    const bool cells_made = view.last_instruction >= code.first_traceable;
    for (size_t i = 0; i < count; ++i) {
        PyObject* value = values[i];
        const uint8_t kind = code.slot_kinds[i];
        if (kind & TM_SLOT_HIDDEN) continue;
        const bool is_cell = (kind & (TM_SLOT_CELL | TM_SLOT_FREE)) != 0;
        if (is_cell && value && cells_made && PyCell_Check(value)) value = PyCell_GET(value);
        if (observe(slots[i], value)) show(slots[i], value);
    }
    go_on_in(thread);
}

template <typename Sink>
void Recorder::observe_namespace(Sink sink, Activation& activation) {
    ThreadRecording& thread = *thread_;
    const tm_frame_view view = tm_view_frame(activation.frame);
    namespaces_.each(activation, view.namespace_, view.slots, [&](Slot& slot, PyObject* value) {
        const bool shown = observe(slot, value);
        go_on_in(thread);
        if (shown) sink.change(slot.index, slot.name_id, slot.ref);
    });
}

template <typename Sink>
void Recorder::observe_gained(Sink sink, Activation& activation) {
    ThreadRecording& thread = *thread_;
    const tm_frame_view view = tm_view_frame(activation.frame);
    // Code of a function that exec() runs in its caller's globals has gained nothing.
    if (!view.gained || view.gained == tm_globals_of(activation.frame->f_frame)) return;
    namespaces_.each_gained(activation, view.gained, [&](Slot& slot, PyObject* value) {
        const bool shown = observe(slot, value);
        go_on_in(thread);
        if (shown) sink.change(slot.index, slot.name_id, slot.ref);
    });
}

// `argument` is settrace's (type, value, traceback); the value may be no exception before it is normalised.
template <typename Sink>
void Recorder::write_exception(Sink sink, PyObject* argument) {
    PyObject* value =
        PyTuple_Check(argument) && PyTuple_GET_SIZE(argument) > 1 ? PyTuple_GET_ITEM(argument, 1) : argument;
    const uint32_t type = values_.type_id(Py_TYPE(value));
    ThreadRecording& thread = *thread_;
    const std::string message = values_.message(value);
    const format::Ref shown = values_.once(value);
    go_on_in(thread);
    sink.payload_exception(type, message, shown);
}

}  // namespace tracemill::trace
