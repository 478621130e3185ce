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
    : d_writer(writer), d_options(options), d_progress(progress),
      d_skipped(options.skip_loops
                    ? std::make_optional<SkippedLoops>(
                          writer, loops::Limits{options.loop_head, options.loop_tail, options.max_events})
                    : std::nullopt),
      d_values(writer, options, progress, d_skipped ? &d_skipped->values : nullptr),
      d_scope(codes, writer, options, record_number), d_namespaces(writer, options),
      d_activations(codes, source, d_scope, writer, d_skipped ? &*d_skipped : nullptr), d_threads(d_activations),
      d_thread(&d_threads.main()) {
    if (d_skipped) d_plain_lines.emplace(d_skipped->timeline, progress);
}

bool Recorder::next_line(Activation& activation, PyFrameObject* frame) {
    const tm_frame_view view = tm_view_frame(frame);
    if (activation.code->code.get() != reinterpret_cast<PyObject*>(view.code)) {
        return other_event(frame, PyTrace_LINE, nullptr);
    }
    d_thread->looks = true;
    return looked(line(activation, view));
}

bool Recorder::other_line(PlainLines::Result result, Activation& activation, PyFrameObject* frame) {
    if (result == PlainLines::Result::kUnfinished) return rest_of_line(activation);
    return result == PlainLines::Result::kOtherFrame && other_event(frame, PyTrace_LINE, nullptr);
}

bool Recorder::rest_of_line(Activation& activation) {
    PyObject* const* values = tm_view_frame(activation.frame).slots;
    ThreadRecording& thread = *d_thread;
    LoopSink sink(d_skipped->timeline, thread);
    sink.go_on_with(activation);
    thread.looks = true;
    d_whole_state = d_plain_lines->shows_all();
    const Slot* const end = activation.slots.data() + activation.slots.size();
    for (Slot* slot = d_plain_lines->rest(); slot != end; ++slot) {
        PyObject* value = values[slot->index];
        if (!observe(*slot, value)) continue;
        if (slot->name_id == format::kNoId && !activation.define_name(d_writer, *slot, value)) continue;
        go_on_in(thread);
        sink.change(slot->index, slot->name_id, slot->ref);
    }
    go_on_in(thread);
    return looked(sink.end());
}

bool Recorder::other_event(PyFrameObject* frame, int what, PyObject* argument) {
    ThreadRecording& thread = here();
    if (&thread == &d_threads.others() || (d_ended && &thread != &d_threads.main())) tm_park_thread();
    const tm_frame_view view = tm_view_frame(frame);
    CodeInfo* code = d_scope.code_of(frame, what, thread.stack);
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
    ++d_progress.lines;
    const bool room = write_inline(EventKind::kLine, activation, view, nullptr);
    activation.raised_at = Activation::kNotRaised;
    return room;
}

ThreadRecording& Recorder::running() {
    PyThreadState* state = PyThreadState_Get();
    if (d_thread->state == state) return *d_thread;
    ThreadRecording* thread = d_threads.find(state);
    return thread ? *thread : d_threads.others();
}

// What the thread before was writing waits for it.
void Recorder::change_to(ThreadRecording& thread) {
    ThreadRecording& before = *d_thread;
    d_thread = &thread;
    d_writer.exchange_event(before.event);
    d_writer.exchange_event(thread.event);
    d_values.change_renderer(before.renderer, thread.renderer);
    if (!d_skipped) {
        d_writer.thread(thread.number);
        return;
    }
    interrupt(before);
    before.clock = d_skipped->timeline.go_on_in(thread.number, thread.clock);
    begin_again(thread);
}

void Recorder::interrupt(ThreadRecording& thread) {
    if (thread.shown) thread.interrupted = d_skipped->timeline.take_back_event();
}

void Recorder::begin_again(const ThreadRecording& thread) {
    if (!thread.interrupted) return;
    const loops::Operation& event = *thread.interrupted;
    const loops::FrameLoops& loops = thread.shown->loops;
    d_skipped->timeline.begin_event(event.event, loops.frame(), event.line, loops.context());
}

void Recorder::thread_started(PyThreadState* state) {
    here();
    d_threads.start(state);
}

void Recorder::end_threads() {
    d_ended = true;
    while (d_threads.any_looks()) give_way();
    here();
}

format::Ref Recorder::seen_once(PyObject* value) {
    ThreadRecording& thread = *d_thread;
    const format::Ref ref = d_values.once(value);
    go_on_in(thread);
    return ref;
}

format::Ref Recorder::result(PyObject* value) {
    ThreadRecording& thread = here();
    thread.looks = true;
    const format::Ref ref = d_values.result(value);
    go_on_in(thread);
    thread.looks = false;
    return d_skipped ? d_skipped->values.in_record(ref) : ref;
}

bool Recorder::output(format::Stream stream, std::string_view text) {
    ThreadRecording& thread = here();
    // What a thread does while it is stopped.
    if (d_progress.limit != 0 && !is_on_main_thread()) return true;
    if (!d_skipped) return d_writer.output(stream, text);
    // A finaliser may print while values are looked at.
    interrupt(thread);
    const bool room = d_skipped->timeline.output(stream, text, thread.stack.context());
    begin_again(thread);
    return room;
}

bool Recorder::finish() {
    if (!d_skipped) return true;
    d_threads.end_all();
    d_activations.end_suspended();
    return d_skipped->timeline.flush();
}

void Recorder::sweep_values() {
    if (!d_skipped->values.wants_sweep()) return;
    const auto mark = [this](const Activation& activation) {
        for (const Slot& slot : activation.slots) d_skipped->values.mark(slot.ref);
    };
    d_threads.each([&](const ThreadRecording& thread) { thread.stack.each(mark); });
    d_activations.each_suspended(mark);
    d_skipped->timeline.mark_values();
    d_values.mark_deferred();
    d_skipped->values.sweep();
}

bool Recorder::called(const tm_frame_view& view, PyFrameObject* frame, CodeInfo& code) {
    const bool starts = view.last_instruction <= code.first_traceable;
    if (!starts && (code.flags & format::kCodeGenerator)) {
        Activation& activation = d_thread->stack.current(frame, code);
        activation.raised_at = Activation::kNotRaised;
        return write(EventKind::kResume, activation, view, nullptr);
    }
    return write(EventKind::kCall, d_thread->stack.start(frame, code), view, nullptr);
}

// From 3.12 a frame that an exception leaves reports None. It is told from a return by the instruction it stopped at;
// an exception thrown into a suspended frame is raised at the yield itself.
bool Recorder::is_unwinding(const Activation& activation, const tm_frame_view& view) const {
    if (activation.code->is_return(view.last_instruction)) return false;
    return !activation.code->is_yield(view.last_instruction) || view.last_instruction == activation.raised_at;
}

bool Recorder::left(const tm_frame_view& view, PyFrameObject* frame, CodeInfo& code, PyObject* value) {
    Activation& activation = d_thread->stack.current(frame, code);
    const bool unwound = !value || (value == Py_None && is_unwinding(activation, view));
    const bool yields = !unwound && code.is_yield(view.last_instruction);
    const bool room =
        write(yields ? EventKind::kYield : EventKind::kReturn, activation, view, unwound ? nullptr : value);
    activation.raised_at = Activation::kNotRaised;
    if (yields) {
        d_thread->stack.suspend();
    } else {
        d_thread->stack.end();
    }
    return room;
}

bool Recorder::write(EventKind kind, Activation& activation, const tm_frame_view& view, PyObject* argument) {
    return write_inline(kind, activation, view, argument);
}

bool Recorder::write_inline(EventKind kind, Activation& activation, const tm_frame_view& view, PyObject* argument) {
    if (d_skipped) {
        return d_skipped->timeline.has_room() &&
               write_to(LoopSink(d_skipped->timeline, *d_thread), kind, activation, view, argument);
    }
    if (d_options.max_events != 0 && d_progress.events >= d_options.max_events) return false;
    return write_to(RecordSink(d_writer), kind, activation, view, argument);
}

template <typename Sink>
bool Recorder::write_to(Sink sink, EventKind kind, Activation& activation, const tm_frame_view& view,
                        PyObject* argument) {
    ++d_progress.events;
    d_whole_state = sink.begin(kind, activation, view.last_instruction);
    if (view.namespace_ && !(view.code->co_flags & CO_OPTIMIZED)) {
        observe_namespace(sink, activation);
    } else {
        observe_fast_locals(sink, activation, view);
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
    ThreadRecording& thread = *d_thread;
    const auto show = [&](Slot& slot, PyObject* value) {
        go_on_in(thread);
        if (slot.name_id == format::kNoId && !activation.define_name(d_writer, slot, value)) return;
        sink.change(slot.index, slot.name_id, slot.ref);
    };
    if (code.has_plain_slots && !d_whole_state) [[likely]] {
        for (size_t i = 0; i < count; ++i) {
            if (d_values.observe(slots[i], values[i])) show(slots[i], values[i]);
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
    ThreadRecording& thread = *d_thread;
    const tm_frame_view view = tm_view_frame(activation.frame);
    d_namespaces.each(activation, view.namespace_, view.slots, [&](Slot& slot, PyObject* value) {
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
    const uint32_t type = d_values.type_id(Py_TYPE(value));
    ThreadRecording& thread = *d_thread;
    const std::string message = d_values.message(value);
    const format::Ref shown = d_values.once(value);
    go_on_in(thread);
    sink.payload_exception(type, message, shown);
}

}  // namespace tracemill::trace
