// Turns what the interpreter reports about frames into events of the record.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "format/writer.h"
#include "loops/timeline.h"
#include "python/frame_access.h"
#include "trace/activation.h"
#include "trace/code_registry.h"
#include "trace/core.h"
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
    // record is full, in bytes or events.
    bool event(PyFrameObject* frame, int what, PyObject* argument) {
        // Most events are lines of the innermost frame.
        if (what != PyTrace_LINE || d_stack.empty() || d_stack.back()->frame != frame) {
            return other_event(frame, what, argument);
        }
        Activation& innermost = *d_stack.back();
        return innermost.lines != Activation::Lines::kAny ? plain_line(innermost, frame) : next_line(innermost, frame);
    }

    // The module has run, the entry expression is next: the first function called is the entry.
    void start_entry() { d_entry_pending = true; }

    // What the program printed just now. False when the record is full.
    bool output(format::Stream stream, std::string_view text);

    // The run has ended: writes what was pending. False when the record is full.
    bool finish();

    // The program's result.
    format::Ref result(PyObject* value);

    // The event that was being recorded failed half way: what of it is pending goes.
    void abandon_event() {
        d_looking = false;
        if (d_skipping) d_skipping->timeline.abandon_event();
    }

    ValueSnapshot& values() { return d_values; }

    // Values are being looked at: what their reprs print is not the program's output.
    bool is_looking() const { return d_looking; }

  private:
    // Of another frame than the innermost, or no line.
    bool other_event(PyFrameObject* frame, int what, PyObject* argument);
    CodeInfo* code_in_scope(PyFrameObject* frame, int what);
    [[gnu::always_inline]] inline bool line(Activation& activation, const tm_frame_view& view);
    // Of the innermost frame, or another that lies where that was.
    bool next_line(Activation& activation, PyFrameObject* frame);
    // The same with loops skipped, in a frame with plain slots: most lines of a long run. See plain_line.cc.
    bool plain_line(Activation& activation, PyFrameObject* frame);
    [[gnu::noinline]] bool mixed_line(Activation& activation, PyFrameObject* frame);
    [[gnu::always_inline]] inline bool count_line(Activation& activation);
    [[gnu::always_inline]] inline bool observe_line(Activation& activation, PyObject* const* values,
                                                    const loops::Place& place);
    [[gnu::noinline]] void expect_integers(Activation& activation);
    // All slots were integers for a while.
    [[gnu::noinline]] bool integer_line(Activation& activation, PyFrameObject* frame);
    [[gnu::noinline]] bool integer_line_elsewhere(Activation& activation, PyFrameObject* frame,
                                                  const loops::Place& place);
    [[gnu::always_inline]] inline bool keep_integers(Activation& activation, PyFrameObject* frame,
                                                     const loops::Place& place);
    [[gnu::noinline]] bool begin_integers(Activation& activation, PyFrameObject* frame, const loops::Place& place);
    [[gnu::noinline]] bool no_integers(Activation& activation, PyFrameObject* frame);
    bool rest_of_line(Activation& activation, Slot* slot, loops::Delta* change, bool whole);
    bool define_name(CodeInfo& code, Slot& slot, PyObject* value);
    // After an event.
    bool looked(bool room) {
        d_looking = false;
        if (d_skipping && d_values.take_rendered()) sweep_values();
        return room;
    }
    bool called(const tm_frame_view& view, PyFrameObject* frame, CodeInfo* code);
    bool left(const tm_frame_view& view, PyFrameObject* frame, CodeInfo* code, PyObject* value);
    bool is_unwinding(const Activation& activation, const tm_frame_view& view) const;
    Activation* current(PyFrameObject* frame, CodeInfo* code);
    Activation* push_new(PyFrameObject* frame, CodeInfo* code);
    void pop(Activation* keep_suspended);
    bool write(format::EventKind kind, Activation& activation, const tm_frame_view& view, PyObject* argument);
    // The same, made for the kind of event where it is called: lines are most of them.
    [[gnu::always_inline]] inline bool write_inline(format::EventKind kind, Activation& activation,
                                                    const tm_frame_view& view, PyObject* argument);
    // The same, where the event goes: see event_sink.h.
    template <typename Sink>
    [[gnu::always_inline]] inline bool write_to(Sink sink, format::EventKind kind, Activation& activation,
                                                const tm_frame_view& view, PyObject* argument);
    // Whether the event shows this name: it changed, or the event shows all.
    bool observe(Slot& slot, PyObject* value) { return d_values.observe(slot, value) || d_whole_state; }
    loops::Shared<loops::Context> context() const;
    void forget_suspended(PyFrameObject* frame);
    // Drops texts of elided iterations, when there are enough of them.
    void sweep_values();
    template <typename Sink>
    [[gnu::always_inline]] inline void observe_fast_locals(Sink sink, Activation& activation,
                                                           const tm_frame_view& view);
    template <typename Sink>
    void observe_namespace(Sink sink, Activation& activation);
    template <typename Sink>
    void observe_hidden_locals(Sink sink, Activation& activation, const tm_frame_view& view, size_t index);
    template <typename Sink>
    void observe_named(Sink sink, Activation& activation, size_t index, PyObject* name, PyObject* value);
    template <typename Sink>
    void write_exception(Sink sink, PyObject* argument);
    void assign_code_id(CodeInfo& code);
    bool shows(const CodeInfo& code, PyObject* name, PyObject* value) const;
    std::unique_ptr<Activation> fresh_activation();

    // With loops skipped, events go to the record by way of a timeline.
    struct Skipping {
        Skipping(format::RecordWriter& writer, const loops::Limits& limits)
            : values(writer), timeline(writer, values, limits) {}

        loops::DeferredValues values;
        loops::Timeline timeline;
    };

    CodeRegistry& d_codes;
    const std::string_view d_source;
    format::RecordWriter& d_writer;
    const tm_options& d_options;
    tm_progress& d_progress;
    const uint64_t d_record_number;
    const std::unique_ptr<Skipping> d_skipping;  // NULL: every iteration is recorded
    ValueSnapshot d_values;
    bool d_whole_state = false;  // the event shows every name, changed or not
    std::vector<std::unique_ptr<Activation>> d_stack;
    std::unordered_map<PyFrameObject*, std::unique_ptr<Activation>> d_suspended;
    std::vector<std::unique_ptr<Activation>> d_spare;
    bool d_entry_pending = false;
    bool d_looking = false;
    CodeInfo* d_entry_code = nullptr;
};

// The text of an exception: what str() gives for built-in exception types; with --objects repr also for the program's.
std::string exception_message(PyObject* exception, tm_objects objects);

}  // namespace tracemill::trace
