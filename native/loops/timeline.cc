#include "loops/timeline.h"

namespace tracemill::loops {
namespace {

using format::Ref;

bool is_kept(const Context* context) {
    for (; context; context = context->outer.get()) {
        if (context->iteration->fate != Iteration::Fate::kKept) return false;
    }
    return true;
}

bool has_elided(const Context* context) {
    for (; context; context = context->outer.get()) {
        if (context->iteration->fate == Iteration::Fate::kElided) return true;
    }
    return false;
}

}  // namespace

Timeline::Timeline(format::RecordWriter& writer, DeferredValues& values, const Limits& limits)
    : writer_(writer), values_(values), limits_(limits), end_(limits.max_events == 0 ? kUnbounded : limits.max_events) {
    list_.next = list_.previous = &list_;
}

Timeline::~Timeline() {
    delete spare_iteration_;
    // A segment may be the last to hold an iteration, whose places in the list go with it.
    while (list_.next != &list_) {
        Node* first = list_.next;
        if (first->is_segment) {
            delete static_cast<Segment*>(first);
        } else {
            first->unlink();
        }
    }
}

Segment* Timeline::new_segment(const Shared<Context>& context) {
    std::unique_ptr<Segment> made;
    if (spare_.empty()) {
        made = std::make_unique<Segment>();
        made->is_segment = true;
    } else {
        made = std::move(spare_.back());
        spare_.pop_back();
    }
    made->serial = ++serial_;
    made->thread = thread_;
    made->context = context;
    return made.release();
}

Segment& Timeline::next_segment(const Shared<Context>& context) {
    current_ = new_segment(context);
    current_->link_before(list_);
    return *current_;
}

void Timeline::recycle(Segment& segment) {
    constexpr size_t kMostSpare = 64;
    constexpr size_t kMostOperations = 4096;
    segment.unlink();
    if (current_ == &segment) current_ = nullptr;
    std::unique_ptr<Segment> owned(&segment);
    if (spare_.size() >= kMostSpare || segment.operations.capacity() > kMostOperations ||
        segment.integers.capacity() > kMostOperations) {
        return;
    }
    segment.context = Shared<Context>();
    segment.clear();
    spare_.push_back(std::move(owned));
}

Operation Timeline::take_back_event() {
    in_event_ = false;
    take_back_changes();
    const Operation operation = current_->operations.end()[-1];
    current_->operations.set_size(current_->operations.size() - 1);
    --current_->events;
    operation.frame->segment = 0;
    check();
    return operation;
}

void Timeline::take_back_changes() { current_->deltas.set_size(current_->operations.end()[-1].first_delta); }

uint64_t Timeline::go_on_in(uint32_t thread, uint64_t clock) {
    const uint64_t left = clock_;
    interleaved_ = true;
    thread_ = thread;
    current_ = nullptr;
    // As many events as before are to come.
    if (!full_) end_ += clock - left;
    clock_ = clock;
    check();
    return left;
}

void Timeline::abandon_event() noexcept {
    if (!in_event_) return;
    in_event_ = false;
    Segment& at = *current_;
    const Operation& begun = at.operations.end()[-1];
    at.deltas.set_size(begun.first_delta);
    if (begun.has_payload) at.payloads.pop_back();
    at.operations.set_size(at.operations.size() - 1);
    --at.events;
    check();
}

void Timeline::payload_value(Ref value) { payload({value, 0, {}}); }

void Timeline::payload_exception(uint32_t type_id, std::string_view message, Ref value) {
    payload({value, type_id, std::string(message)});
}

void Timeline::payload(Payload payload) {
    const auto index = static_cast<uint32_t>(current_->payloads.size());
    current_->payloads.push_back(std::move(payload));
    Operation& operation = current_->operations.end()[-1];
    operation.has_payload = true;
    operation.extra = index;
}

bool Timeline::begin_lines(const Shared<Frame>& frame, const Shared<Context>& context) {
    if (!context) return false;
    Segment& at = segment(context);
    if (!at.integers.reserve_more(frame->line_size())) throw std::bad_alloc();
    if (at.lines_of != frame.get()) at.add_lines(frame);
    frame->segment = 0;  // nobody looks what changes in these lines: the event after them has all slots
    return true;
}

bool Timeline::output(format::Stream stream, std::string_view text, const Shared<Context>& context) {
    Segment& at = segment(context);
    at.add_output({stream, std::string(text)});
    check();
    return at.context ? !full_ : flush();
}

// The first segment of an iteration, with its context.
Segment* Timeline::new_iteration() {
    if (spare_iteration_) return std::exchange(spare_iteration_, nullptr);
    const Shared<Context> context(new Context());
    context->iteration = Shared<Iteration>(new Iteration());
    return new_segment(context);
}

void Timeline::begin_iteration(LoopRun& run, uint64_t number, const Shared<Context>& outer) {
    end_iteration(run);
    run.number = number;
    run.tentative = true;
    if (number <= limits_.head) {
        run.context = outer;
        return;
    }
    current_ = new_iteration();
    current_->serial = ++serial_;
    current_->thread = thread_;
    run.context = current_->context;
    run.context->outer = outer;
    run.iteration = run.context->iteration.get();
    run.iteration->number = number;
    run.iteration->events = clock_;
    run.iteration->outer = outer;
    run.iteration->begin.link_before(list_);
    current_->link_before(list_);
    check();
}

void Timeline::keep_pending(LoopRun& run) { run.pending.push_back(run.context->iteration); }

void Timeline::elide_oldest(LoopRun& run) {
    const Shared<Iteration> current = run.context->iteration;
    Shared<Iteration>& oldest = run.pending[run.oldest];
    ++run.elided;
    run.elided_events += oldest->events;
    if (is_one_segment(*oldest) && only_segment(*oldest).has_only_events()) {
        put_aside(*oldest);
        spare_iteration_->clear();
        oldest = current;
    } else {
        elide(*std::exchange(oldest, current));
    }
    if (++run.oldest == run.pending.size()) run.oldest = 0;
    check();
}

void Timeline::elide(Iteration& iteration) {
    iteration.fate = Iteration::Fate::kElided;
    bool printed = false;
    for (Node* node = iteration.begin.next; node != &iteration.end;) {
        Node* next = node->next;
        if (node->is_segment) {
            auto& at = *static_cast<Segment*>(node);
            const bool all_are_its = !iteration.suspended && !interleaved_;
            if (all_are_its || has_elided(at.context.get())) {
                printed = printed || !at.outputs.empty();
                drop_events(at);
            }
        }
        node = next;
    }
    iteration.begin.unlink();
    iteration.end.unlink();
    if (printed) flush();
}

// What the segment printed stays, and has no condition any more.
void Timeline::drop_events(Segment& segment) {
    dropped(segment);
    if (segment.outputs.empty()) {
        recycle(segment);
        return;
    }
    std::unique_ptr<Segment> into(new_segment(Shared<Context>()));
    into->thread = segment.thread;
    for (Output& output : segment.outputs) into->add_output(std::move(output));
    into.release()->link_before(segment);
    recycle(segment);
}

void Timeline::keep(Iteration& iteration) {
    iteration.fate = Iteration::Fate::kKept;
    iteration.begin.unlink();
    iteration.end.unlink();
}

void Timeline::close(LoopRun& run, const Shared<Frame>& frame) {
    const Shared<Iteration> last = run.iteration ? run.context->iteration : Shared<Iteration>();
    end_iteration(run);
    if (run.elided != 0) {
        // In front of the first iteration that is kept again, and kept when that is.
        Iteration& first = *run.pending[run.oldest];
        if (!has_elided(first.outer.get())) {
            std::unique_ptr<Segment> mark(new_segment(first.outer));
            mark->add(Operation{0, 0, frame.get(), run.line, Operation::Kind::kElided});
            mark->frames.push_back(frame);
            mark->elisions.push_back({first.number - run.elided, run.elided, run.elided_events});
            mark.release()->link_before(first.begin);
        }
    }
    for (const Shared<Iteration>& iteration : run.pending) keep(*iteration);
    if (last) keep(*last);
    run.pending.clear();
    run.context = Shared<Context>();
    flush();
}

void Timeline::resume(LoopRun& run, const Shared<Context>& outer, uint64_t since) {
    if (!run.iteration) {
        run.context = outer;
        return;
    }
    run.iteration->suspended = true;
    run.iteration->events += clock_ - since;
    Shared<Context> context(new Context());
    context->iteration = run.context->iteration;
    context->outer = outer;
    run.context = std::move(context);
    check();
}

bool Timeline::flush() {
    for (Node* node = list_.next; node != &list_ && !full_;) {
        Node* next = node->next;
        if (node->is_segment) {
            auto& at = *static_cast<Segment*>(node);
            if (!is_kept(at.context.get())) break;
            if (!write(at)) {
                full_ = true;
                end_ = 0;
            }
            // A segment that goes on keeps its number: the next event of its frames may be short.
            if (&at == current_) {
                at.clear();
            } else {
                recycle(at);
            }
        }
        node = next;
    }
    check();
    return !full_;
}

bool Timeline::write(Segment& segment) {
    writer_.thread(segment.thread);
    for (size_t i = 0; i < segment.operations.size(); ++i) {
        const Operation& operation = segment.operations[i];
        bool room = true;
        switch (operation.kind) {
            case Operation::Kind::kEvent:
                room = write_event(segment, i);
                break;
            case Operation::Kind::kLines:
                room = write_lines(segment, i);
                break;
            case Operation::Kind::kOutput: {
                const Output& output = segment.outputs[operation.extra];
                room = writer_.output(output.stream, output.text);
                break;
            }
            case Operation::Kind::kElided: {
                const Elision& elision = segment.elisions[operation.extra];
                room = define(*operation.frame) && writer_.elided(operation.frame->id, operation.line, elision.first,
                                                                  elision.count, elision.events);
                break;
            }
        }
        if (!room) return false;
    }
    return true;
}

bool Timeline::write_event(const Segment& segment, size_t index) {
    const Operation& operation = segment.operations[index];
    const bool last = index + 1 == segment.operations.size();
    const size_t delta_end = last ? segment.deltas.size() : segment.operations[index + 1].first_delta;
    Frame& frame = *operation.frame;
    if (!define(frame)) return false;
    writer_.begin_event(operation.event, frame.id, operation.line);
    for (size_t i = operation.first_delta; i < delta_end; ++i) {
        const Delta& delta = segment.deltas[i];
        write_change(frame, delta.slot, delta.name_id, values_.in_record(delta.value));
    }
    if (operation.has_payload) {
        const Payload& payload = segment.payloads[operation.extra];
        if (operation.event == format::EventKind::kException) {
            writer_.payload_exception(payload.type_id, payload.message, values_.in_record(payload.value));
        } else {
            writer_.payload_value(values_.in_record(payload.value));
        }
    }
    return writer_.end_event();
}

bool Timeline::write_lines(const Segment& segment, size_t index) {
    const Operation& operation = segment.operations[index];
    Frame& frame = *operation.frame;
    const int64_t* at = segment.integers.data() + operation.extra;
    const int64_t* end = segment.integers.end();
    for (size_t i = index + 1; i < segment.operations.size(); ++i) {
        const Operation& next = segment.operations[i];
        if (next.kind != Operation::Kind::kLines) continue;
        end = segment.integers.data() + next.extra;
        break;
    }
    while (at != end) {
        if (!define(frame)) return false;
        writer_.begin_event(format::EventKind::kLine, frame.id, static_cast<uint32_t>(*at++));
        for (uint32_t slot = 0; slot < frame.slots; ++slot) {
            write_change(frame, slot, frame.names[slot], Ref::integer(*at++));
        }
        if (!writer_.end_event()) return false;
    }
    return true;
}

// Unless that is what the record has.
void Timeline::write_change(Frame& frame, uint32_t slot, uint32_t name_id, Ref value) {
    if (slot >= frame.written.size()) frame.written.resize(slot + 1);
    if (frame.written[slot] == value) return;
    frame.written[slot] = value;
    writer_.change(name_id, value);
}

// Callers first: a frame names its parent.
bool Timeline::define(Frame& frame) {
    if (frame.id != format::kNoId) return true;
    std::vector<Frame*> missing;
    for (Frame* at = &frame; at && at->id == format::kNoId; at = at->parent.get()) missing.push_back(at);
    for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
        Frame* parent = (*at)->parent.get();
        (*at)->id = writer_.frame((*at)->code_id, parent ? parent->id : format::kNoId);
        if ((*at)->id == format::kNoId) return false;
    }
    return true;
}

void Timeline::mark_values() {
    for (Node* node = list_.next; node != &list_; node = node->next) {
        if (!node->is_segment) continue;
        const auto& at = *static_cast<Segment*>(node);
        for (const Delta& delta : at.deltas) values_.mark(delta.value);
        for (const Payload& payload : at.payloads) values_.mark(payload.value);
    }
}

}  // namespace tracemill::loops
