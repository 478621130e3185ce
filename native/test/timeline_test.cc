#include "loops/timeline.h"

#include <algorithm>
#include <string>

#include "format/dump.h"
#include "timeline_fixture.h"

namespace tracemill::loops {
namespace {

using format::EventKind;
using format::Ref;

constexpr uint32_t kSlot = 0;

// A frame with one variable, and a record.
class TimelineTest : public TimelineOfOneFrame {
  protected:
    TimelineTest() {
        name_ = writer_.name("x");
        frame_->names = {name_};
        frame_->slots = 1;
    }

    void line(uint32_t number, int64_t x, const Shared<Context>& context) { line(number, Ref::integer(x), context); }
    void line(uint32_t number, Ref x, const Shared<Context>& context) {
        const bool whole = timeline_.begin_event(EventKind::kLine, frame_, number, context);
        if (whole || !(x == last_)) timeline_.change(kSlot, name_, x);
        last_ = x;
        EXPECT_TRUE(timeline_.end_event());
    }

    // The same as one of the events of a frame where every slot is an integer.
    void integer_line(uint32_t number, int64_t x, const Shared<Context>& context) {
        if (!timeline_.has_line_room(frame_, context)) {
            ASSERT_TRUE(timeline_.begin_lines(frame_, context));
        }
        int64_t* at = timeline_.add_line(frame_);
        at[0] = number;
        at[1] = x;
    }

    std::string record() {
        EXPECT_TRUE(timeline_.flush());
        std::string text;
        EXPECT_FALSE(format::dump({arena_.data(), committed_}, [&](std::string_view piece) { text += piece; }));
        return text.substr(text.find('\n') + 1);
    }

    uint32_t name_ = 0;
    Ref last_;
};

TEST_F(TimelineTest, KeepsTheFirstAndTheLastIteration) {
    LoopRun run;
    run.line = 2;
    for (int64_t i = 1; i <= 5; ++i) {
        timeline_.begin_iteration(run, static_cast<uint64_t>(i), outside_);
        timeline_.confirm(run);
        line(3, i, run.context);
    }
    timeline_.close(run, frame_);
    line(4, 5, outside_);
    EXPECT_EQ(record(), "line #0 f:3 | x: int 1\n"
                        "elided #0 loop 2 iterations 2 to 4 events 3\n"
                        "line #0 f:3 | x: int 5\n"
                        "line #0 f:4\n"
                        "incomplete\n");
    EXPECT_EQ(timeline_.clock(), 6u);
}

TEST_F(TimelineTest, BeginsAnIterationInTheObjectsOfOneThatWasElided) {
    LoopRun run;
    run.line = 2;
    int renewed = 0;
    for (int64_t i = 1; i <= 6; ++i) {
        if (timeline_.renew(run, outside_)) {
            ++renewed;
        } else {
            timeline_.begin_iteration(run, static_cast<uint64_t>(i), outside_);
        }
        EXPECT_EQ(run.number, static_cast<uint64_t>(i));
        timeline_.confirm(run);
        line(3, i, run.context);
        line(4, -i, run.context);
    }
    // The second and the third make objects of their own, the third leaves those of the second.
    EXPECT_EQ(renewed, 3);
    // Not for a loop that runs elsewhere: nothing happens.
    const Shared<Context> elsewhere(new Context());
    EXPECT_FALSE(timeline_.renew(run, elsewhere));
    EXPECT_EQ(run.number, 6u);
    timeline_.close(run, frame_);
    EXPECT_EQ(record(), "line #0 f:3 | x: int 1\n"
                        "line #0 f:4 | x: int -1\n"
                        "elided #0 loop 2 iterations 2 to 5 events 8\n"
                        "line #0 f:3 | x: int 6\n"
                        "line #0 f:4 | x: int -6\n"
                        "incomplete\n");
}

TEST_F(TimelineTest, WritesLinesOfIntegersLikeOtherEvents) {
    LoopRun run;
    run.line = 2;
    for (int64_t i = 1; i <= 5; ++i) {
        if (!timeline_.renew(run, outside_)) {
            timeline_.begin_iteration(run, static_cast<uint64_t>(i), outside_);
        }
        timeline_.confirm(run);
        if (i == 1) {
            EXPECT_FALSE(timeline_.begin_lines(frame_, run.context)) << "nothing is pending yet";
            line(3, i, run.context);
            continue;
        }
        integer_line(3, i, run.context);
        integer_line(4, i, run.context);
        integer_line(5, -i, run.context);
    }
    // Whatever the frame did before its lines of integers, the next event has all slots; then they go on.
    line(6, -5, run.context);
    integer_line(7, 8, run.context);
    timeline_.output(format::Stream::kStdout, "8", run.context);
    integer_line(8, 8, run.context);
    line(9, 5, run.context);
    timeline_.close(run, frame_);
    EXPECT_EQ(record(), "line #0 f:3 | x: int 1\n"
                        "elided #0 loop 2 iterations 2 to 4 events 9\n"
                        "line #0 f:3 | x: int 5\n"
                        "line #0 f:4\n"
                        "line #0 f:5 | x: int -5\n"
                        "line #0 f:6\n"
                        "line #0 f:7 | x: int 8\n"
                        "output stdout \"8\"\n"
                        "line #0 f:8\n"
                        "line #0 f:9 | x: int 5\n"
                        "incomplete\n");
    EXPECT_EQ(timeline_.clock(), 17u);
}

TEST_F(TimelineTest, TakesBackALineThatHasMoreThanIntegers) {
    LoopRun run;
    run.line = 2;
    for (int64_t i = 1; i <= 3; ++i) {
        timeline_.begin_iteration(run, static_cast<uint64_t>(i), outside_);
        timeline_.confirm(run);
        if (i == 1) continue;
        integer_line(3, i, run.context);
        integer_line(4, 0, run.context);
        timeline_.take_back_line(frame_);
        line(4, Ref::real(0.5), run.context);
    }
    timeline_.close(run, frame_);
    EXPECT_EQ(record(), "elided #0 loop 2 iterations 2 to 2 events 2\n"
                        "line #0 f:3 | x: int 3\n"
                        "line #0 f:4 | x: float 0.5\n"
                        "incomplete\n");
    EXPECT_EQ(timeline_.clock(), 4u);
}

TEST_F(TimelineTest, KeepsATestThatEndsTheLoopBesideTheLastIteration) {
    LoopRun run;
    run.line = 2;
    for (int64_t i = 1; i <= 4; ++i) {
        timeline_.begin_iteration(run, static_cast<uint64_t>(i), outside_);
        line(2, i, run.context);
        if (i == 4) break;
        timeline_.confirm(run);
        line(3, i, run.context);
    }
    timeline_.close(run, frame_);
    EXPECT_EQ(record(), "line #0 f:2 | x: int 1\n"
                        "line #0 f:3\n"
                        "elided #0 loop 2 iterations 2 to 2 events 2\n"
                        "line #0 f:2 | x: int 3\n"
                        "line #0 f:3\n"
                        "line #0 f:2 | x: int 4\n"
                        "incomplete\n");
}

TEST_F(TimelineTest, KeepsWhatElidedIterationsPrinted) {
    LoopRun run;
    run.line = 2;
    for (int64_t i = 1; i <= 4; ++i) {
        timeline_.begin_iteration(run, static_cast<uint64_t>(i), outside_);
        timeline_.confirm(run);
        line(3, i, run.context);
        timeline_.output(format::Stream::kStdout, std::to_string(i), run.context);
    }
    timeline_.close(run, frame_);
    EXPECT_EQ(record(), "line #0 f:3 | x: int 1\n"
                        "output stdout \"1\"\n"
                        "output stdout \"2\"\n"
                        "output stdout \"3\"\n"
                        "elided #0 loop 2 iterations 2 to 3 events 2\n"
                        "line #0 f:3 | x: int 4\n"
                        "output stdout \"4\"\n"
                        "incomplete\n");
}

TEST_F(TimelineTest, ElidesInnerLoopsWithTheirOuterIteration) {
    LoopRun outer;
    outer.line = 2;
    for (int64_t i = 1; i <= 3; ++i) {
        timeline_.begin_iteration(outer, static_cast<uint64_t>(i), outside_);
        timeline_.confirm(outer);
        LoopRun inner;
        inner.line = 3;
        for (int64_t j = 1; j <= 3; ++j) {
            timeline_.begin_iteration(inner, static_cast<uint64_t>(j), outer.context);
            timeline_.confirm(inner);
            line(4, 10 * i + j, inner.context);
        }
        timeline_.close(inner, frame_);
    }
    timeline_.close(outer, frame_);
    EXPECT_EQ(record(), "line #0 f:4 | x: int 11\n"
                        "elided #0 loop 3 iterations 2 to 2 events 1\n"
                        "line #0 f:4 | x: int 13\n"
                        "elided #0 loop 2 iterations 2 to 2 events 3\n"
                        "line #0 f:4 | x: int 31\n"
                        "elided #0 loop 3 iterations 2 to 2 events 1\n"
                        "line #0 f:4 | x: int 33\n"
                        "incomplete\n");
}

TEST_F(TimelineTest, CountsNoEventsWhileItsFrameIsSuspended) {
    LoopRun run;
    run.line = 2;
    for (int64_t i = 1; i <= 3; ++i) {
        timeline_.begin_iteration(run, static_cast<uint64_t>(i), outside_);
        timeline_.confirm(run);
        line(3, i, run.context);
        const uint64_t suspended = timeline_.clock();
        line(9, i, outside_);
        timeline_.resume(run, outside_, suspended);
    }
    timeline_.close(run, frame_);
    EXPECT_EQ(record(), "line #0 f:3 | x: int 1\n"
                        "line #0 f:9\n"
                        "line #0 f:9 | x: int 2\n"
                        "elided #0 loop 2 iterations 2 to 2 events 1\n"
                        "line #0 f:3 | x: int 3\n"
                        "line #0 f:9\n"
                        "incomplete\n");
}

TEST_F(TimelineTest, HasRoomAgainForWhatWasElided) {
    Timeline timeline(writer_, values_, Limits{1, 1, 4});
    const auto event = [&](const Shared<Context>& context) {
        EXPECT_TRUE(timeline.has_room());
        timeline.begin_event(EventKind::kLine, frame_, 3, context);
        EXPECT_TRUE(timeline.end_event());
    };
    LoopRun run;
    for (uint64_t i = 1; i <= 100; ++i) {
        timeline.begin_iteration(run, i, outside_);
        timeline.confirm(run);
        if (i % 2 == 0 && timeline.begin_lines(frame_, run.context)) {
            std::fill_n(timeline.add_line(frame_), frame_->line_size(), 0);
        } else {
            event(run.context);
        }
    }
    timeline.close(run, frame_);
    event(outside_);
    event(outside_);
    EXPECT_FALSE(timeline.has_room());
}

TEST_F(TimelineTest, WritesNoTextOfAnElidedIteration) {
    const uint32_t type = writer_.type("list");
    LoopRun run;
    run.line = 2;
    for (uint64_t i = 1; i <= 100'000; ++i) {
        timeline_.begin_iteration(run, i, outside_);
        timeline_.confirm(run);
        line(3, values_.add(type, 0, std::string(500, 'x') + std::to_string(i), 0, 0, Ref()), run.context);
        if (!values_.wants_sweep()) continue;
        timeline_.mark_values();
        values_.mark(last_);
        values_.sweep();
    }
    EXPECT_LT(values_.bytes(), 5u << 20);
    timeline_.close(run, frame_);
    const std::string text = record();
    EXPECT_NE(text.find("iterations 2 to 99999 events 99998"), std::string::npos);
    EXPECT_LT(committed_, 2'000u);
}

// Two threads that take turns: each has its loop, and its events count for its own iterations only.
TEST_F(TimelineTest, ThreadsTakeTurns) {
    Shared<Frame> other(new Frame());
    other->code_id = frame_->code_id;
    LoopRun runs[2];
    runs[0].line = runs[1].line = 2;
    uint64_t clocks[2] = {0, 0};
    for (int64_t i = 1; i <= 5; ++i) {
        for (uint32_t thread : {0u, 1u}) {
            if (i != 1 || thread != 0) clocks[1 - thread] = timeline_.go_on_in(thread, clocks[thread]);
            LoopRun& run = runs[thread];
            timeline_.begin_iteration(run, static_cast<uint64_t>(i), outside_);
            timeline_.confirm(run);
            const Shared<Frame>& frame = thread == 0 ? frame_ : other;
            timeline_.begin_event(EventKind::kLine, frame, 3, run.context);
            timeline_.change(kSlot, name_, Ref::integer(10 * thread + i));
            EXPECT_TRUE(timeline_.end_event());
        }
    }
    timeline_.output(format::Stream::kStdout, "1", runs[1].context);
    timeline_.close(runs[1], other);
    clocks[1] = timeline_.go_on_in(0, clocks[0]);
    timeline_.close(runs[0], frame_);
    EXPECT_EQ(record(), "line #0 f:3 | x: int 1\n"
                        "thread 1\n"
                        "line #1 f:3 | x: int 11\n"
                        "elided #0 loop 2 iterations 2 to 4 events 3\n"
                        "thread 0\n"
                        "line #0 f:3 | x: int 5\n"
                        "elided #1 loop 2 iterations 2 to 4 events 3\n"
                        "thread 1\n"
                        "line #1 f:3 | x: int 15\n"
                        "output stdout \"1\"\n"
                        "incomplete\n");
}

// An event that has begun gives way to another thread's and begins anew.
TEST_F(TimelineTest, AnEventIsTakenBack) {
    line(1, 7, outside_);
    timeline_.begin_event(EventKind::kLine, frame_, 2, outside_);
    timeline_.change(kSlot, name_, Ref::integer(8));
    const Operation taken = timeline_.take_back_event();
    EXPECT_EQ(taken.line, 2u);
    const uint64_t clock = timeline_.go_on_in(1, 0);
    EXPECT_EQ(clock, 1u);
    const Shared<Frame> other(new Frame());
    timeline_.begin_event(EventKind::kLine, other, 9, outside_);
    EXPECT_TRUE(timeline_.end_event());
    EXPECT_EQ(timeline_.go_on_in(0, clock), 1u);
    EXPECT_TRUE(timeline_.begin_event(taken.event, frame_, taken.line, outside_));
    timeline_.change(kSlot, name_, Ref::integer(7));
    timeline_.take_back_changes();
    timeline_.change(kSlot, name_, Ref::integer(8));
    EXPECT_TRUE(timeline_.end_event());
    EXPECT_EQ(record(), "line #0 f:1 | x: int 7\n"
                        "thread 1\n"
                        "line #1 f:9\n"
                        "thread 0\n"
                        "line #0 f:2 | x: int 8\n"
                        "incomplete\n");
}

// What may be recorded is that of all threads together.
TEST_F(TimelineTest, ThreadsShareTheRoom) {
    Timeline timeline(writer_, values_, Limits{1, 1, 3});
    const auto event = [&] {
        timeline.begin_event(EventKind::kLine, frame_, 1, outside_);
        EXPECT_TRUE(timeline.end_event());
    };
    event();
    event();
    const uint64_t clock = timeline.go_on_in(1, 0);
    EXPECT_TRUE(timeline.has_room());
    event();
    EXPECT_FALSE(timeline.has_room());
    timeline.go_on_in(0, clock);
    EXPECT_FALSE(timeline.has_room());
}

TEST_F(TimelineTest, NoticesAnIterationThatLostItsPlace) {
    LoopRun run;
    run.line = 2;
    for (uint64_t i = 1; i <= 2; ++i) {
        timeline_.begin_iteration(run, i, outside_);
        timeline_.confirm(run);
        line(3, static_cast<int64_t>(i), run.context);
    }
    EXPECT_DEATH(
        {
            run.iteration->begin.unlink();
            line(4, 3, run.context);
        },
        "an open iteration begins before its events");
}

}  // namespace
}  // namespace tracemill::loops
