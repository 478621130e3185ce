// Where events go: into the record at once, or to the timeline that keeps them until it is known whether their
// iterations are. Both have the same functions and no common base: they are called several times for every line.
#pragma once

#include <string_view>

#include "format/writer.h"
#include "loops/timeline.h"
#include "trace/activation.h"
#include "trace/threads.h"

namespace tracemill::trace {

class RecordSink {
  public:
    explicit RecordSink(format::RecordWriter& writer) : d_writer(writer) {}

    // Whether the event shows every name of the frame, changed or not.
    bool begin(format::EventKind kind, Activation& activation, int instruction) {
        d_writer.begin_event(kind, activation.id, activation.code->line_of(instruction));
        return false;
    }
    void change(uint32_t, uint32_t name_id, format::Ref value) { d_writer.change(name_id, value); }
    void payload_value(format::Ref value) { d_writer.payload_value(value); }
    void payload_exception(uint32_t type_id, std::string_view message, format::Ref value) {
        d_writer.payload_exception(type_id, message, value);
    }
    // False when the record is full.
    bool end() { return d_writer.end_event(); }

  private:
    format::RecordWriter& d_writer;
};

class LoopSink {
  public:
    LoopSink(loops::Timeline& timeline, ThreadRecording& thread) : d_timeline(timeline), d_thread(thread) {}

    [[gnu::always_inline]] inline bool begin(format::EventKind kind, Activation& activation, int instruction) {
        const loops::Place& place = activation.loops.at(d_timeline, instruction, kind == format::EventKind::kLine);
        d_thread.shown = &activation;
        return d_timeline.begin_event(kind, activation.loops.frame(), place.line, activation.loops.context());
    }
    void change(uint32_t slot, uint32_t name_id, format::Ref value) { d_timeline.change(slot, name_id, value); }
    void payload_value(format::Ref value) { d_timeline.payload_value(value); }
    void payload_exception(uint32_t type_id, std::string_view message, format::Ref value) {
        d_timeline.payload_exception(type_id, message, value);
    }
    bool end() {
        if (d_thread.interrupted) [[unlikely]]
            show_all();
        d_thread.shown = nullptr;
        return d_timeline.end_event();
    }
    // The event that has begun already, of a line.
    void go_on_with(Activation& activation) { d_thread.shown = &activation; }

  private:
    // It has begun anew, behind what happened meanwhile: what changed before that is not known any more.
    void show_all() {
        d_timeline.take_back_changes();
        for (const Slot& slot : d_thread.shown->slots) {
            if (slot.name_id != format::kNoId) d_timeline.change(slot.index, slot.name_id, slot.ref);
        }
        d_thread.interrupted.reset();
    }

    loops::Timeline& d_timeline;
    ThreadRecording& d_thread;
};

}  // namespace tracemill::trace
