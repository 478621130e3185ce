#include "timeline_fixture.h"

namespace tracemill::loops {
namespace {

// A timeline in an iteration of a loop of which nothing is known to stay, whose list is broken behind its back.
class BrokenTimeline : public TimelineOfOneFrame {
  protected:
    BrokenTimeline() {
        run_.line = 2;
        for (uint64_t number = 1; number <= 2; ++number) {
            timeline_.begin_iteration(run_, number, outside_);
            timeline_.confirm(run_);
            line();
        }
    }
    void line() {
        timeline_.begin_event(format::EventKind::kLine, frame_, 3, run_.context);
        timeline_.end_event();
    }
    void break_list() { run_.context->iteration->begin.next->previous = nullptr; }

    LoopRun run_;
};

constexpr const char* kWhy = "the timeline is broken: the list is linked both ways";

TEST_F(BrokenTimeline, IsNoticedByEveryOperation) {
    EXPECT_DEATH((break_list(), line()), kWhy);
    EXPECT_DEATH((break_list(), timeline_.begin_iteration(run_, 3, outside_)), kWhy);
    EXPECT_DEATH((break_list(), timeline_.output(format::Stream::kStdout, "x", outside_)), kWhy);
    EXPECT_DEATH((break_list(), timeline_.flush()), kWhy);
}

TEST_F(BrokenTimeline, IsWholeUntilThen) {
    line();
    timeline_.begin_iteration(run_, 3, outside_);
    timeline_.confirm(run_);
    line();
    timeline_.close(run_, frame_);
    EXPECT_TRUE(timeline_.flush());
}

}  // namespace
}  // namespace tracemill::loops
