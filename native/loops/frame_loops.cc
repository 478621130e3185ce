#include "loops/frame_loops.h"

namespace tracemill::loops {

void FrameLoops::follow(Timeline& timeline, const Place& place, bool is_line) {
    follow_inline(timeline, place, is_line);
}

void FrameLoops::begin_next(Timeline& timeline, const Place& place) {
    LoopRun& run = d_open.back();
    // To come around, the iteration before must have happened.
    if (run.tentative) timeline.confirm(run);
    timeline.begin_iteration(run, run.number + 1, context_of(d_open.size() - 1));
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
    while (!d_open.empty() && !d_table->encloses(d_open.back().loop, loop)) close_last(timeline);
    note_place();
}

void FrameLoops::open(Timeline& timeline, const Place& place) {
    const size_t depth = d_open.size();
    std::vector<int> missing;
    for (int loop = place.loop; loop >= 0 && (depth == 0 || loop != d_open.back().loop);
         loop = d_table->loop(loop).parent) {
        missing.push_back(loop);
    }
    for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
        if (!d_open.empty() && d_open.back().tentative && d_table->loop(*at).in_parent_body) {
            timeline.confirm(d_open.back());
        }
        // Where the first iteration shows no line event of its own, this is the second.
        const bool second = *at == place.loop && place.start == Place::Start::kRepeatedTest;
        push(timeline, *at, second ? 2 : 1);
    }
    if (place.in_body) timeline.confirm(d_open.back());
    note_place();
}

void FrameLoops::note_place() {
    d_stays_in = d_open.empty() ? Place::kOutside : d_open.back().tentative ? kUndecided : d_open.back().loop;
}

void FrameLoops::push(Timeline& timeline, int loop, uint64_t number) {
    LoopRun run;
    run.loop = loop;
    run.line = d_table->loop(loop).line;
    timeline.begin_iteration(run, number, context_of(d_open.size()));
    d_open.push_back(std::move(run));
}

void FrameLoops::close_last(Timeline& timeline) {
    timeline.close(d_open.back(), d_frame);
    d_open.pop_back();
}

void FrameLoops::resume(Timeline& timeline, Shared<Context> caller) {
    d_caller = std::move(caller);
    for (size_t i = 0; i < d_open.size(); ++i) timeline.resume(d_open[i], context_of(i), d_suspended_at);
}

void FrameLoops::leave(Timeline& timeline) {
    close_around(timeline, Place::kOutside);
    d_frame = Shared<Frame>();
    d_caller = Shared<Context>();
}

}  // namespace tracemill::loops
