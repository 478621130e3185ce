// Turns what the interpreter reports about frames into events of the record.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "format/writer.h"
#include "interface/core.h"
#include "python/frame_access.h"
#include "trace/activation.h"
#include "trace/code_registry.h"
#include "trace/frame_stack.h"
#include "trace/namespaces.h"
#include "trace/plain_lines.h"
#include "trace/scope.h"
#include "trace/skipped_loops.h"
#include "trace/threads.h"
#include "trace/value_snapshot.h"

struct tm_frame_view;

namespace tracemill::trace {

class Recorder {
  public:
    // References must outlive the recorder; `record_number` tells records apart in the registry's cached ids.
    // `source` is the program's.
    Recorder(CodeRegistry& codes, std::string_view source, format::RecordWriter& writer, const tm_options& options,
             tm_progress& progress, uint64_t record_number);

    // Of PyEval_SetTrace: PyTrace_CALL, LINE, RETURN, EXCEPTION; `argument` is borrowed and may be NULL. False when the
    // record is full, in bytes or events. A thread that outlives the run does not come back from here.
    bool event(PyFrameObject* frame, int what, PyObject* argument) {
        // Most events are lines of the innermost frame.
        Activation* innermost = thread_->stack.innermost();
        if (what != PyTrace_LINE || !innermost || innermost->frame != frame) return other_event(frame, what, argument);
        return innermost->lines == Activation::Lines::kAny ? next_line(*innermost, frame)
                                                           : plain_line(*innermost, frame);
    }

    // The module has run, the entry expression is next: the first function called is the entry.
    void start_entry() { scope_.start_entry(); }

    // What the program printed just now. False when the record is full.
    bool output(format::Stream stream, std::string_view text);

    // The thread has not run yet; its events are recorded.
    void thread_started(PyThreadState* state);
    // The program has ended: other threads do not go on. Waits for those that are here.
    void end_threads();
    // The run has ended: writes what was pending. False when the record is full.
    bool finish();

    // The program's result.
    format::Ref result(PyObject* value);

    // The event that was being recorded failed half way: what of it is pending goes.
    void abandon_event() {
        thread_->looks = false;
        thread_->shown = nullptr;
        thread_->interrupted.reset();
        if (skipped_) skipped_->timeline.abandon_event();
    }

    ValueSnapshot& values() { return values_; }

    // Values are being looked at on this thread: what their reprs print is not the program's output.
    bool is_looking() { return running().looks; }
    bool is_on_main_thread() { return &running() == &threads_.main(); }

  private:
    // Of another frame than the innermost, or no line.
    bool other_event(PyFrameObject* frame, int what, PyObject* argument);
    [[gnu::always_inline]] inline bool line(Activation& activation, const tm_frame_view& view);
    // Of the innermost frame, or another that lies where that was.
    bool next_line(Activation& activation, PyFrameObject* frame);
    // The same for what PlainLines is for.
    bool plain_line(Activation& activation, PyFrameObject* frame) {
        const PlainLines::Result result = plain_lines_->record(activation, frame);
        if (result == PlainLines::Result::kRecorded) [[likely]]
            return true;
        return other_line(result, activation, frame);
    }
    bool other_line(PlainLines::Result result, Activation& activation, PyFrameObject* frame);
    bool rest_of_line(Activation& activation);
    // That of the caller, and whether its events or another thread's come next.
    ThreadRecording& running();
    ThreadRecording& here() {
        ThreadRecording& thread = running();
        go_on_in(thread);
        return thread;
    }
    // Looking at values may have let other threads run; what follows is this one's again.
    void go_on_in(ThreadRecording& thread) {
        if (thread_ != &thread) [[unlikely]]
            change_to(thread);
    }
    void change_to(ThreadRecording& thread);
    // With loops skipped: the thread's event that has begun, if any, makes room for something else and begins again.
    void interrupt(ThreadRecording& thread);
    void begin_again(const ThreadRecording& thread);
    // After an event.
    bool looked(bool room) {
        thread_->looks = false;
        if (skipped_ && values_.take_rendered()) sweep_values();
        return room;
    }
    bool called(const tm_frame_view& view, PyFrameObject* frame, CodeInfo& code);
    bool left(const tm_frame_view& view, PyFrameObject* frame, CodeInfo& code, PyObject* value);
    bool is_unwinding(const Activation& activation, const tm_frame_view& view) const;
    bool write(format::EventKind kind, Activation& activation, const tm_frame_view& view, PyObject* argument);
    // The same, made for the kind of event where it is called: lines are most of them.
    [[gnu::always_inline]] inline bool write_inline(format::EventKind kind, Activation& activation,
                                                    const tm_frame_view& view, PyObject* argument);
    // The same, where the event goes: see event_sink.h.
    template <typename Sink>
    [[gnu::always_inline]] inline bool write_to(Sink sink, format::EventKind kind, Activation& activation,
                                                const tm_frame_view& view, PyObject* argument);
    // Whether the event shows this name: it changed, or the event shows all.
    bool observe(Slot& slot, PyObject* value) { return values_.observe(slot, value) || whole_state_; }
    format::Ref seen_once(PyObject* value);
    template <typename Sink>
    [[gnu::always_inline]] inline void observe_fast_locals(Sink sink, Activation& activation,
                                                           const tm_frame_view& view);
    template <typename Sink>
    [[gnu::noinline]] void observe_namespace(Sink sink, Activation& activation);
    template <typename Sink>
    [[gnu::noinline]] void observe_gained(Sink sink, Activation& activation);
    template <typename Sink>
    void write_exception(Sink sink, PyObject* argument);
    // Drops texts of elided iterations, when there are enough of them.
    void sweep_values();

    format::RecordWriter& writer_;
    const tm_options& options_;
    tm_progress& progress_;
    std::optional<SkippedLoops> skipped_;  // empty: every iteration is recorded
    std::optional<PlainLines> plain_lines_;
    ValueSnapshot values_;
    Scope scope_;
    Namespaces namespaces_;
    Activations activations_;
    Threads threads_;
    ThreadRecording* thread_;   // whose events come: that of the caller but for others()
    bool whole_state_ = false;  // the event shows every name, changed or not
    bool ended_ = false;        // only the main thread goes on
};

}  // namespace tracemill::trace
