// What holds between any two operations of a timeline, looked at after each of them in builds that are for checking: a
// list or a clock that went wrong shows in a record only much later, if at all.
#include "loops/timeline.h"

#ifdef TM_CHECK_TIMELINE

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <unordered_set>

namespace tracemill::loops {
namespace {

void must(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "the timeline is broken: %s\n", what);
    std::abort();
}

bool holds_frame(const Segment& segment, const Frame* frame) {
    return std::any_of(segment.frames.begin(), segment.frames.end(),
                       [&](const Shared<Frame>& held) { return held.get() == frame; });
}

// How many lines of integers the operation has.
uint64_t count_lines(const Segment& segment, size_t index) {
    const Operation& operation = segment.operations[index];
    size_t end = segment.integers.size();
    for (size_t i = segment.operations.size() - 1; i > index; --i) {
        if (segment.operations[i].kind == Operation::Kind::kLines) end = segment.operations[i].extra;
    }
    must(operation.extra <= end, "lines of integers lie in order");
    const size_t size = end - operation.extra;
    must(size % operation.frame->line_size() == 0, "lines of integers are whole");
    return size / operation.frame->line_size();
}

void check_operations(const Segment& segment) {
    uint64_t events = 0;
    size_t delta = 0;
    for (size_t i = 0; i < segment.operations.size(); ++i) {
        const Operation& operation = segment.operations[i];
        must(operation.first_delta >= delta, "changes lie in the order of their operations");
        delta = operation.first_delta;
        // Without a context it is written at once, while the caller holds the frame.
        if (operation.frame && segment.context) {
            must(holds_frame(segment, operation.frame), "a segment holds the frames that it names");
        }
        switch (operation.kind) {
            case Operation::Kind::kEvent:
                ++events;
                must(!operation.has_payload || operation.extra < segment.payloads.size(), "a payload is there");
                break;
            case Operation::Kind::kLines:
                events += count_lines(segment, i);
                break;
            case Operation::Kind::kOutput:
                must(operation.extra < segment.outputs.size(), "an output is there");
                break;
            case Operation::Kind::kElided:
                must(operation.extra < segment.elisions.size(), "an elision is there");
                break;
        }
    }
    must(delta <= segment.deltas.size(), "changes are there");
    must(events == segment.events, "a segment knows how many events it has");
}

}  // namespace

void Timeline::check() const {
    uint64_t pending = 0;
    std::unordered_set<const Node*> before;
    for (const Node* node = list_.next; node != &list_; node = node->next) {
        must(node && node->next && node->next->previous == node, "the list is linked both ways");
        must(before.insert(node).second, "the list has no cycle");
        if (!node->is_segment) continue;
        const auto& at = *static_cast<const Segment*>(node);
        check_operations(at);
        pending += at.events;
        for (const Context* context = at.context.get(); context; context = context->outer.get()) {
            const Iteration& iteration = *context->iteration;
            if (iteration.fate != Iteration::Fate::kOpen) continue;
            must(before.contains(&iteration.begin), "an open iteration begins before its events");
        }
    }
    must(!current_ || current_ == list_.previous, "the segment that grows is the last");
    if (spare_iteration_) {
        must(!spare_iteration_->next, "the spare iteration is in no list");
        must(spare_iteration_->events == 0, "the spare iteration has no events");
    }
    // Events are written, pending, elided (by which the end went back) or have only begun.
    const uint64_t first_end = limits_.max_events == 0 ? kUnbounded : limits_.max_events;
    const uint64_t kept = clock_ - (end_ - first_end);
    if (!full_) must(pending <= kept + (in_event_ ? 1 : 0), "what is pending has happened");
}

}  // namespace tracemill::loops

#endif
