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
    : d_writer(writer), d_values(values), d_limits(limits) {
    d_list.next = d_list.previous = &d_list;
}

Timeline::~Timeline() {
    for (Node* node = d_list.next; node != &d_list;) {
        Node* next = node->next;
        if (node->is_segment) delete static_cast<Segment*>(node);
        node = next;
    }
}

Segment* Timeline::new_segment(const Shared<Context>& context) {
    std::unique_ptr<Segment> made;
    if (d_spare.empty()) {
        made = std::make_unique<Segment>();
        made->is_segment = true;
    } else {
        made = std::move(d_spare.back());
        d_spare.pop_back();
    }
    made->serial = ++d_serial;
    made->context = context;
    return made.release();
}

Segment& Timeline::next_segment(const Shared<Context>& context) {
    d_current = new_segment(context);
    d_current->link_before(d_list);
    return *d_current;
}

void Timeline::clear(Segment& segment) {
    segment.events = segment.outputs = 0;
    segment.operations.clear();
    segment.deltas.clear();
    segment.texts.clear();
    segment.elisions.clear();
    segment.frames.clear();
}

void Timeline::recycle(Segment& segment) {
    constexpr size_t kMostSpare = 64;
    constexpr size_t kMostOperations = 4096;
    segment.unlink();
    if (d_current == &segment) d_current = nullptr;
    std::unique_ptr<Segment> owned(&segment);
    if (d_spare.size() >= kMostSpare || segment.operations.capacity() > kMostOperations) return;
    segment.context = Shared<Context>();
    clear(segment);
    d_spare.push_back(std::move(owned));
}

void Timeline::payload_value(Ref value) {
    Operation& operation = d_current->operations.back();
    operation.payload = value;
    operation.has_payload = true;
}

void Timeline::payload_exception(uint32_t type_id, std::string_view message) {
    Operation& operation = d_current->operations.back();
    operation.type_id = type_id;
    operation.extra = static_cast<uint32_t>(d_current->texts.size());
    operation.has_payload = true;
    d_current->texts.emplace_back(message);
}

bool Timeline::output(format::Stream stream, std::string_view text, const Shared<Context>& context) {
    Segment& at = segment(context);
    Operation& operation = at.operations.emplace_back();
    operation.kind = Operation::Kind::kOutput;
    operation.type_id = static_cast<uint32_t>(stream);
    operation.extra = static_cast<uint32_t>(at.texts.size());
    operation.delta_end = static_cast<uint32_t>(at.deltas.size());
    at.texts.emplace_back(text);
    ++at.outputs;
    return at.context ? !d_full : flush();
}

void Timeline::begin_iteration(LoopRun& run, uint64_t number, const Shared<Context>& outer) {
    end_iteration(run);
    run.number = number;
    run.tentative = true;
    run.context = outer;
    if (number <= d_limits.head) return;
    run.iteration = Shared<Iteration>(new Iteration());
    run.iteration->number = number;
    run.iteration->events = d_clock;
    run.iteration->outer = outer;
    run.iteration->begin.link_before(d_list);
    d_current = nullptr;
    run.context = Shared<Context>(new Context());
    run.context->iteration = run.iteration;
    run.context->outer = outer;
}

void Timeline::end_iteration(LoopRun& run) {
    if (!run.iteration) return;
    run.iteration->events = d_clock - run.iteration->events;
    run.iteration->end.link_before(d_list);
    d_current = nullptr;
    run.iteration = Shared<Iteration>();
}

void Timeline::confirm(LoopRun& run) {
    run.tentative = false;
    if (!run.iteration) return;
    if (run.pending.size() < d_limits.tail) {
        run.pending.push_back(run.iteration);
        return;
    }
    Iteration& oldest = *run.pending[run.oldest];
    ++run.elided;
    run.elided_events += oldest.events;
    elide(oldest);
    run.pending[run.oldest] = run.iteration;
    run.oldest = run.oldest + 1 == run.pending.size() ? 0 : run.oldest + 1;
}

void Timeline::elide(Iteration& iteration) {
    iteration.fate = Iteration::Fate::kElided;
    Node* only = iteration.begin.next;
    if (only->is_segment && only->next == &iteration.end) [[likely]] {
        auto& at = *static_cast<Segment*>(only);
        if (at.outputs == 0 && at.context && at.context->iteration.get() == &iteration) {
            d_pending -= at.events;
            iteration.begin.unlink();
            iteration.end.unlink();
            recycle(at);
            return;
        }
    }
    bool printed = false;
    for (Node* node = iteration.begin.next; node != &iteration.end;) {
        Node* next = node->next;
        if (node->is_segment) {
            auto& at = *static_cast<Segment*>(node);
            if (!iteration.suspended || has_elided(at.context.get())) {
                printed = printed || at.outputs != 0;
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
    d_pending -= segment.events;
    if (segment.outputs == 0) {
        recycle(segment);
        return;
    }
    Segment* into = new_segment(Shared<Context>());
    for (const Operation& operation : segment.operations) {
        if (operation.kind != Operation::Kind::kOutput) continue;
        Operation& output = into->operations.emplace_back(operation);
        output.extra = static_cast<uint32_t>(into->texts.size());
        output.delta_end = 0;
        into->texts.push_back(std::move(segment.texts[operation.extra]));
        ++into->outputs;
    }
    into->link_before(segment);
    recycle(segment);
}

void Timeline::keep(Iteration& iteration) {
    iteration.fate = Iteration::Fate::kKept;
    iteration.begin.unlink();
    iteration.end.unlink();
}

void Timeline::close(LoopRun& run, const Shared<Frame>& frame) {
    const Shared<Iteration> last = run.iteration;
    end_iteration(run);
    if (run.elided != 0) {
        // In front of the first iteration that is kept again, and kept when that is.
        Iteration& first = *run.pending[run.oldest];
        if (!has_elided(first.outer.get())) {
            Segment* mark = new_segment(first.outer);
            Operation& operation = mark->operations.emplace_back();
            operation.kind = Operation::Kind::kElided;
            operation.line = run.line;
            operation.frame = frame.get();
            mark->frames.push_back(frame);
            mark->elisions.push_back({first.number - run.elided, run.elided, run.elided_events});
            mark->link_before(first.begin);
        }
    }
    for (const Shared<Iteration>& iteration : run.pending) keep(*iteration);
    if (last) keep(*last);
    run.pending.clear();
    run.context = Shared<Context>();
    flush();
}

void Timeline::resume(LoopRun& run, const Shared<Context>& outer, uint64_t since) {
    run.context = outer;
    if (!run.iteration) return;
    run.iteration->suspended = true;
    run.iteration->events += d_clock - since;
    run.context = Shared<Context>(new Context());
    run.context->iteration = run.iteration;
    run.context->outer = outer;
}

bool Timeline::flush() {
    for (Node* node = d_list.next; node != &d_list && !d_full;) {
        Node* next = node->next;
        if (node->is_segment) {
            auto& at = *static_cast<Segment*>(node);
            if (!is_kept(at.context.get())) break;
            d_full = !write(at);
            // A segment that goes on keeps its number: the next event of its frames may be short.
            if (&at == d_current) {
                clear(at);
            } else {
                recycle(at);
            }
        }
        node = next;
    }
    return !d_full;
}

bool Timeline::write(Segment& segment) {
    uint32_t delta = 0;
    for (const Operation& operation : segment.operations) {
        bool room = true;
        switch (operation.kind) {
            case Operation::Kind::kEvent:
                room = write_event(segment, operation, delta);
                ++d_recorded;
                break;
            case Operation::Kind::kOutput:
                room = d_writer.output(static_cast<format::Stream>(operation.type_id), segment.texts[operation.extra]);
                break;
            case Operation::Kind::kElided: {
                const Elision& elision = segment.elisions[operation.extra];
                room = define(*operation.frame) && d_writer.elided(operation.frame->id, operation.line, elision.first,
                                                                   elision.count, elision.events);
                break;
            }
        }
        if (!room) return false;
        delta = operation.delta_end;
    }
    d_pending -= segment.events;
    return true;
}

bool Timeline::write_event(Segment& segment, const Operation& operation, uint32_t first_delta) {
    Frame& frame = *operation.frame;
    if (!define(frame)) return false;
    d_writer.begin_event(operation.event, frame.id, operation.line);
    for (uint32_t i = first_delta; i < operation.delta_end; ++i) {
        const Delta& delta = segment.deltas[i];
        const Ref value = d_values.in_record(delta.value);
        if (delta.slot >= frame.written.size()) frame.written.resize(delta.slot + 1);
        if (frame.written[delta.slot] == value) continue;
        frame.written[delta.slot] = value;
        d_writer.change(delta.name_id, value);
    }
    if (operation.has_payload && operation.event == format::EventKind::kException) {
        d_writer.payload_exception(operation.type_id, segment.texts[operation.extra]);
    } else if (operation.has_payload) {
        d_writer.payload_value(d_values.in_record(operation.payload));
    }
    return d_writer.end_event();
}

// Callers first: a frame names its parent.
bool Timeline::define(Frame& frame) {
    if (frame.id != format::kNoId) return true;
    std::vector<Frame*> missing;
    for (Frame* at = &frame; at && at->id == format::kNoId; at = at->parent.get()) missing.push_back(at);
    for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
        Frame* parent = (*at)->parent.get();
        (*at)->id = d_writer.frame((*at)->code_id, parent ? parent->id : format::kNoId);
        if ((*at)->id == format::kNoId) return false;
    }
    return true;
}

void Timeline::mark_values() {
    for (Node* node = d_list.next; node != &d_list; node = node->next) {
        if (!node->is_segment) continue;
        const auto& at = *static_cast<Segment*>(node);
        for (const Delta& delta : at.deltas) d_values.mark(delta.value);
        for (const Operation& operation : at.operations) d_values.mark(operation.payload);
    }
}

}  // namespace tracemill::loops
