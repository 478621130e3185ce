// The loops that one frame is in.
#pragma once

#include <vector>

#include "loops/loop_table.h"
#include "loops/timeline.h"

namespace tracemill::loops {

class FrameLoops {
  public:
    // `caller` is the context that the frame was called in.
    void enter(const LoopTable* table, Shared<Frame> frame, Shared<Context> caller) {
        table_ = table;
        frame_ = std::move(frame);
        caller_ = std::move(caller);
    }

    // The frame reports an event at this instruction; a line event may begin an iteration.
    const Place& at(Timeline& timeline, int instruction, bool is_line) {
        const Place& place = table_->at(instruction);
        // Most events change nothing: the frame is in the same iteration of the same loop as before.
        if (is_line ? !line_stays(place) : place.loop != stays_in_) follow(timeline, place, is_line);
        return place;
    }
    // The same for a line event in two steps: where it is, and follow_line() unless line_stays().
    const Place& place_of(int instruction) const { return table_->at(instruction); }
    bool line_stays(const Place& place) const { return place.line_stays_in == stays_in_; }
    void follow_line(Timeline& timeline, const Place& place) { follow_inline(timeline, place, true); }
    // The frame is suspended; it goes on in another context.
    void suspend(const Timeline& timeline) { suspended_at_ = timeline.clock(); }
    void resume(Timeline& timeline, Shared<Context> caller);
    // The frame has ended.
    void leave(Timeline& timeline);

    const Shared<Frame>& frame() const { return frame_; }
    // Of the events of the frame, and of what it calls.
    const Shared<Context>& context() const { return open_.empty() ? caller_ : open_.back().context; }

  private:
    bool is_innermost(int loop) const { return !open_.empty() && open_.back().loop == loop; }
    [[gnu::noinline]] void follow(Timeline& timeline, const Place& place, bool is_line);
    [[gnu::always_inline]] void follow_inline(Timeline& timeline, const Place& place, bool is_line);
    // To the next iteration of the innermost loop, whatever is to do for it.
    [[gnu::noinline]] void begin_next(Timeline& timeline, const Place& place);
    // Into another loop than the innermost.
    [[gnu::noinline]] void follow_elsewhere(Timeline& timeline, const Place& place, bool is_line);
    void note_place();
    // Closes the loops that do not enclose this one.
    [[gnu::noinline]] void close_around(Timeline& timeline, int loop);
    [[gnu::noinline]] void open(Timeline& timeline, const Place& place);
    void push(Timeline& timeline, int loop, uint64_t number);
    void close_last(Timeline& timeline);
    const Shared<Context>& context_of(size_t depth) const { return depth == 0 ? caller_ : open_[depth - 1].context; }

    const LoopTable* table_ = nullptr;
    Shared<Frame> frame_;
    Shared<Context> caller_;
    std::vector<LoopRun> open_;  // outermost first
    uint64_t suspended_at_ = 0;
    int stays_in_ = Place::kOutside;  // the innermost loop, or kUndecided while its iteration is tentative

    static constexpr int kUndecided = -4;  // the index of no loop, and of no Place
};

inline void FrameLoops::follow_inline(Timeline& timeline, const Place& place, bool is_line) {
    if (!is_innermost(place.loop)) {
        follow_elsewhere(timeline, place, is_line);
        return;
    }
    LoopRun& run = open_.back();
    if (is_line && place.start != Place::Start::kNone) {
        // context_of() of this run, without counting the runs in every iteration.
        const Shared<Context>& outer = &run == open_.data() ? caller_ : (&run)[-1].context;
        if (run.tentative || !timeline.renew(run, outer)) {
            begin_next(timeline, place);
            return;
        }
        stays_in_ = kUndecided;
        if (place.start != Place::Start::kBody) return;
    } else if (!run.tentative || !place.in_body) {
        return;
    }
    stays_in_ = run.loop;
    timeline.confirm(run);
}

}  // namespace tracemill::loops
