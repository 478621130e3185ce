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
    explicit RecordSink(format::RecordWriter& writer) : writer_(writer) {}

    // Whether the event shows every name of the frame, changed or not.
    bool begin(format::EventKind kind, Activation& activation, int instruction) {
        writer_.begin_event(kind, activation.id, activation.code->line_of(instruction));
        return false;
    }
    void change(uint32_t, uint32_t name_id, format::Ref value) { writer_.change(name_id, value); }
    void payload_value(format::Ref value) { writer_.payload_value(value); }
    void payload_exception(uint32_t type_id, std::string_view message, format::Ref value) {
        writer_.payload_exception(type_id, message, value);
    }
    // False when the record is full.
    bool end() { return writer_.end_event(); }

  private:
    format::RecordWriter& writer_;
};

class LoopSink {
  public:
    LoopSink(loops::Timeline& timeline, ThreadRecording& thread) : timeline_(timeline), thread_(thread) {}

    [[gnu::always_inline]] inline bool begin(format::EventKind kind, Activation& activation, int instruction) {
        const loops::Place& place = activation.loops.at(timeline_, instruction, kind == format::EventKind::kLine);
        thread_.shown = &activation;
        return timeline_.begin_event(kind, activation.loops.frame(), place.line, activation.loops.context());
    }
    void change(uint32_t slot, uint32_t name_id, format::Ref value) { timeline_.change(slot, name_id, value); }
    void payload_value(format::Ref value) { timeline_.payload_value(value); }
    void payload_exception(uint32_t type_id, std::string_view message, format::Ref value) {
        timeline_.payload_exception(type_id, message, value);
    }
    bool end() {
        if (thread_.interrupted) [[unlikely]]
            show_all();
        thread_.shown = nullptr;
        return timeline_.end_event();
    }
    // The event that has begun already, of a line.
    void go_on_with(Activation& activation) { thread_.shown = &activation; }

  private:
    // It has begun anew, behind what happened meanwhile: what changed before that is not known any more.
    void show_all() {
        timeline_.take_back_changes();
        thread_.shown->each_slot([this](const Slot& slot) {
            if (slot.name_id != format::kNoId) timeline_.change(slot.index, slot.name_id, slot.ref);
        });
        thread_.interrupted.reset();
    }

    loops::Timeline& timeline_;
    ThreadRecording& thread_;
};

}  // namespace tracemill::trace
