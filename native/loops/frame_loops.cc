#include "loops/frame_loops.h"

namespace tracemill::loops {

void FrameLoops::follow(Timeline& timeline, const Place& place, bool is_line) {
    if (place.loop == Place::kUnknown) return;
    if (!is_innermost(place.loop)) {
        close_around(timeline, place.loop);
        if (place.loop == Place::kOutside) return;
        if (!is_innermost(place.loop)) {
            // What reports from the head of a loop that is not open has left it.
            if (is_line || place.in_body) open(timeline, place);
            return;
        }
    }
    LoopRun& run = d_open.back();
    const bool starts = is_line && place.start != Place::Start::kNone;
    if (!starts) {
        if (run.tentative && place.in_body) timeline.confirm(run);
        return;
    }
    // To come around, the iteration before must have happened.
    if (run.tentative) timeline.confirm(run);
    timeline.begin_iteration(run, run.number + 1, context_of(d_open.size() - 1));
    if (place.start == Place::Start::kBody) timeline.confirm(run);
}

void FrameLoops::close_around(Timeline& timeline, int loop) {
    while (!d_open.empty() && !d_table->encloses(d_open.back().loop, loop)) close_last(timeline);
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
    while (!d_open.empty()) close_last(timeline);
    d_frame = Shared<Frame>();
    d_caller = Shared<Context>();
}

}  // namespace tracemill::loops
