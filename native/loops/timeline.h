// The events that happened, in order, from the first whose fate is open: an event inside a loop is written to the
// record or forgotten once it is known whether its iteration is among the first `head` or the last `tail` of the loop.
//
// Which iterations are the last shows only at the end of a loop. So every iteration past the head is pending until
// `tail` more have begun. Its events are kept as what a record needs of them: kind, line, and the slots that changed.
// The first event of a frame in a segment has all of the frame's slots, because what came before may be elided; what
// really changed is found when the event is written, by comparison with the frame's state in the record.
//
// An event is kept when all iterations that it happened in are: those of the loops of its own frame and of the frames
// that called it. A generator takes its open loops along to whoever resumes it. Contexts are chains of such iterations.
//
// Threads take turns: the timeline is that of all of them, with what each did while it ran. Their loops know nothing of
// each other, and events count for the thread that they happen on.
//
// Nothing here knows Python.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "format/writer.h"
#include "loops/deferred_values.h"
#include "loops/pending.h"

namespace tracemill::loops {

struct Limits {
    uint64_t head = 0;
    uint64_t tail = 1;        // at least 1: what ends a loop happens in its last iteration
    uint64_t max_events = 0;  // in the record or pending; 0 = unbounded
};

// One run of one loop of one frame.
struct LoopRun {
    int loop = 0;  // index in the frame's loop table
    uint32_t line = 0;
    uint64_t number = 0;             // of the current iteration, from 1
    bool tentative = false;          // the current iteration has only been tested for: perhaps it does not happen
    Shared<Context> context;         // of the events of the current iteration
    Iteration* iteration = nullptr;  // the current one, past the head: that of the context
    std::vector<Shared<Iteration>> pending;  // the last `tail` past the head that did happen, as a ring
    size_t oldest = 0;                       // of a full ring
    uint64_t elided = 0;
    uint64_t elided_events = 0;
};

class Timeline {
  public:
    static constexpr uint64_t kUnbounded = UINT64_MAX / 2;  // an end of the clock; what is elided is added to it

    Timeline(format::RecordWriter& writer, DeferredValues& values, const Limits& limits);
    Timeline(const Timeline&) = delete;
    Timeline& operator=(const Timeline&) = delete;
    ~Timeline();

    // An event: begin_event(), change() for slots, end_event(). All of the frame's slots are wanted when
    // begin_event() answers true, else those that changed since the frame's last event.
    bool begin_event(format::EventKind kind, const Shared<Frame>& frame, uint32_t line,
                     const Shared<Context>& context) {
        Segment& at = segment(context);
        const bool whole = frame->segment != at.serial;
        // Before the operation that names it: what throws here leaves nothing half done.
        if (whole) at.hold(frame);
        at.add(Operation{static_cast<uint32_t>(at.deltas.size()), 0, frame.get(), line, Operation::Kind::kEvent, kind});
        ++at.events;
        frame->segment = at.serial;
        in_event_ = true;
        return whole;
    }
    void change(uint32_t slot, uint32_t name_id, format::Ref value) { current_->add(Delta{slot, name_id, value}); }
    // Many at once: room for `most` changes, and the end of those written there.
    Delta* changes(size_t most) {
        if (!current_->deltas.reserve_more(most)) throw std::bad_alloc();
        return current_->deltas.end();
    }
    void changed(const Delta* end) { current_->deltas.set_size(static_cast<size_t>(end - current_->deltas.data())); }
    void payload_value(format::Ref value);
    void payload_exception(uint32_t type_id, std::string_view message, format::Ref value);
    // False when the record is full.
    bool end_event() {
        in_event_ = false;
        ++clock_;
        check();
        return current_->context || flush();
    }

    // Of an event that has begun and has no payload: as if it had not, or none of its changes.
    Operation take_back_event();
    void take_back_changes();

    // Another thread goes on, whose clock() it is from now on. Returns the clock of the one that does not.
    uint64_t go_on_in(uint32_t thread, uint64_t clock);

    // The event that began will not end: it is taken back, and nothing may be recorded after it.
    void abandon_event() noexcept;

    // Line events of a frame where every slot is an integer, which cost least. begin_lines() makes room for at least
    // one; false where events are not pending.
    bool begin_lines(const Shared<Frame>& frame, const Shared<Context>& context);
    // Whether there is room for one more.
    bool has_line_room(const Shared<Frame>& frame, const Shared<Context>& context) const {
        const Segment* at = current_;
        return at && at->lines_of == frame.get() && at->context == context && at->integers.has_room(frame->line_size());
    }
    // The event; to be written there: its line and then all values.
    int64_t* add_line(const Shared<Frame>& frame) {
        int64_t* line = current_->integers.end();
        current_->integers.set_size(current_->integers.size() + frame->line_size());
        ++current_->events;
        ++clock_;
        return line;
    }
    // It is none: a value is no integer.
    void take_back_line(const Shared<Frame>& frame) {
        current_->integers.set_size(current_->integers.size() - frame->line_size());
        --current_->events;
        --clock_;
        check();
    }

    // Output stays in the record whatever becomes of the iteration that wrote it.
    bool output(format::Stream stream, std::string_view text, const Shared<Context>& context);

    // The loop's next iteration, which is iteration `number`; `outer` is the context of the loop itself.
    void begin_iteration(LoopRun& run, uint64_t number, const Shared<Context>& outer);
    // The same for the next number, where the last iteration was past the head and another has left its objects: false
    // when not, and nothing happened.
    bool renew(LoopRun& run, const Shared<Context>& outer);
    // The current iteration does happen.
    void confirm(LoopRun& run);
    // The loop was left.
    void close(LoopRun& run, const Shared<Frame>& frame);
    // The frame of the loop goes on inside `outer` after it was suspended when the clock() was `since`.
    void resume(LoopRun& run, const Shared<Context>& outer, uint64_t since);

    // Events of this thread so far.
    uint64_t clock() const { return clock_; }

    // Whether one more event may be recorded.
    bool has_room() const { return clock_ < end_; }

    // Writes what can be; once all loops are closed nothing is left. False when the record is full.
    bool flush();

    void mark_values();

  private:
#ifdef TM_CHECK_TIMELINE
    void check() const;  // ends the process where something does not hold
#else
    void check() const {}
#endif
    // The last node, for events in this context.
    Segment& segment(const Shared<Context>& context) {
        return current_ && current_->context == context ? *current_ : next_segment(context);
    }
    void payload(Payload payload);
    Segment& next_segment(const Shared<Context>& context);
    Segment* new_segment(const Shared<Context>& context);
    Segment* new_iteration();
    void end_iteration(LoopRun& run);
    void elide(Iteration& iteration);
    [[gnu::noinline]] void keep_pending(LoopRun& run);
    [[gnu::noinline]] void elide_oldest(LoopRun& run);
    bool is_one_segment(const Iteration& iteration) const;
    static Segment& only_segment(const Iteration& iteration) { return *static_cast<Segment*>(iteration.begin.next); }
    void put_aside(Iteration& iteration);
    void keep(Iteration& iteration);
    void drop_events(Segment& segment);
    void dropped(const Segment& segment) { end_ += segment.events; }
    void recycle(Segment& segment);
    bool write(Segment& segment);
    bool write_event(const Segment& segment, size_t index);
    bool write_lines(const Segment& segment, size_t index);
    void write_change(Frame& frame, uint32_t slot, uint32_t name_id, format::Ref value);
    bool define(Frame& frame);

    format::RecordWriter& writer_;
    DeferredValues& values_;
    const Limits limits_;
    Node list_;                   // its next is the first node, its previous the last
    Segment* current_ = nullptr;  // the last node, when that is a segment that still grows
    uint64_t serial_ = 0;
    uint32_t thread_ = 0;
    bool interleaved_ = false;  // there is more than one thread
    uint64_t clock_ = 0;
    uint64_t end_;  // the clock when max_events are in the record or pending: later, the more were elided
    bool full_ = false;
    bool in_event_ = false;
    std::vector<std::unique_ptr<Segment>> spare_;
    Segment* spare_iteration_ = nullptr;  // owned; that of an elided iteration, for the next one: see put_aside()
};

// What happens in every iteration of a loop that is skipped, inline and without a call: nearly every one is one
// segment, and is elided before the next but `tail` begins. Its objects then serve again.

inline bool Timeline::renew(LoopRun& run, const Shared<Context>& outer) {
    Segment* first = spare_iteration_;
    if (!run.iteration || !first || run.context->uses == 1) return false;
    Context& context = *first->context;
    Iteration& iteration = *context.iteration;
    if (context.outer != outer || iteration.outer != outer) return false;
    end_iteration(run);
    spare_iteration_ = nullptr;
    current_ = first;
    first->serial = ++serial_;
    first->thread = thread_;
    run.context.replace_used(first->context);
    run.iteration = &iteration;
    run.tentative = true;
    iteration.number = ++run.number;
    iteration.events = clock_;
    iteration.begin.link_before(list_);
    first->link_before(list_);
    check();
    return true;
}

inline void Timeline::end_iteration(LoopRun& run) {
    if (!run.iteration) return;
    run.iteration->events = clock_ - run.iteration->events;
    run.iteration->end.link_before(list_);
    current_ = nullptr;
    run.iteration = nullptr;
}

inline void Timeline::confirm(LoopRun& run) {
    run.tentative = false;
    if (!run.iteration) return;
    if (run.pending.size() < limits_.tail) {
        keep_pending(run);
        return;
    }
    Iteration& oldest = *run.pending[run.oldest];
    if (!is_one_segment(oldest) || !only_segment(oldest).is_of_one_frame()) {
        elide_oldest(run);
        return;
    }
    ++run.elided;
    run.elided_events += oldest.events;
    put_aside(oldest);
    run.pending[run.oldest].replace_used(run.context->iteration);
    if (++run.oldest == run.pending.size()) run.oldest = 0;
    check();
}

// And nothing but the loop and that segment hold it, so that it can serve again.
inline bool Timeline::is_one_segment(const Iteration& iteration) const {
    constexpr uint32_t kLoopAndContext = 2;
    const Node* next = iteration.begin.next;
    if (!next->is_segment || next->next != &iteration.end || spare_iteration_) return false;
    const Segment& only = only_segment(iteration);
    const Context* context = only.context.get();
    return context && context->uses == 1 && context->iteration.get() == &iteration && iteration.uses == kLoopAndContext;
}

// The segment keeps its frame and that it has lines of it: as a rule the next iteration begins with more of them.
inline void Timeline::put_aside(Iteration& iteration) {
    Segment& only = only_segment(iteration);
    dropped(only);
    Node::unlink(iteration.begin, iteration.end);
    only.next = nullptr;
    iteration.suspended = false;
    only.events = 0;
    only.integers.clear();
    if (!only.is_lines()) only.clear_events();
    spare_iteration_ = &only;
}

}  // namespace tracemill::loops
