#include "loops/frame_loops.h"

namespace tracemill::loops {

void FrameLoops::follow(Timeline& timeline, const Place& place, bool is_line) {
    follow_inline(timeline, place, is_line);
}

void FrameLoops::begin_next(Timeline& timeline, const Place& place) {
    LoopRun& run = open_.back();
    // To come around, the iteration before must have happened.
    if (run.tentative) timeline.confirm(run);
    timeline.begin_iteration(run, run.number + 1, context_of(open_.size() - 1));
    if (place.start == Place::Start::kBody) timeline.confirm(run);
    note_place();
}

void FrameLoops::follow_elsewhere(Timeline& timeline, const Place& place, bool is_line) {
    if (place.loop == Place::kUnknown) return;
    close_around(timeline, place.loop);
    if (is_innermost(place.loop)) {
        follow(timeline, place, is_line);
    } else if (place.loop != Place::kOutside && (is_line || place.in_body)) {
        // What reports from the head of a loop that is not open has left it.
        open(timeline, place);
    }
}

void FrameLoops::close_around(Timeline& timeline, int loop) {
    while (!open_.empty() && !table_->encloses(open_.back().loop, loop)) close_last(timeline);
    note_place();
}

void FrameLoops::open(Timeline& timeline, const Place& place) {
    const size_t depth = open_.size();
    std::vector<int> missing;
    for (int loop = place.loop; loop >= 0 && (depth == 0 || loop != open_.back().loop);
         loop = table_->loop(loop).parent) {
        missing.push_back(loop);
    }
    for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
        if (!open_.empty() && open_.back().tentative && table_->loop(*at).in_parent_body) {
            timeline.confirm(open_.back());
        }
        // Where the first iteration shows no line event of its own, this is the second.
        const bool second = *at == place.loop && place.start == Place::Start::kRepeatedTest;
        push(timeline, *at, second ? 2 : 1);
    }
    if (place.in_body) timeline.confirm(open_.back());
    note_place();
}

void FrameLoops::note_place() {
    stays_in_ = open_.empty() ? Place::kOutside : open_.back().tentative ? kUndecided : open_.back().loop;
}

void FrameLoops::push(Timeline& timeline, int loop, uint64_t number) {
    LoopRun run;
    run.loop = loop;
    run.line = table_->loop(loop).line;
    timeline.begin_iteration(run, number, context_of(open_.size()));
    open_.push_back(std::move(run));
}

void FrameLoops::close_last(Timeline& timeline) {
    timeline.close(open_.back(), frame_);
    open_.pop_back();
}

void FrameLoops::resume(Timeline& timeline, Shared<Context> caller) {
    caller_ = std::move(caller);
    for (size_t i = 0; i < open_.size(); ++i) timeline.resume(open_[i], context_of(i), suspended_at_);
}

void FrameLoops::leave(Timeline& timeline) {
    close_around(timeline, Place::kOutside);
    frame_ = Shared<Frame>();
    caller_ = Shared<Context>();
}

}  // namespace tracemill::loops
