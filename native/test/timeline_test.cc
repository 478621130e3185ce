#include "loops/timeline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "format/dump.h"
#include "loops/deferred_values.h"

namespace tracemill::loops {
namespace {

using format::EventKind;
using format::Ref;

constexpr uint32_t kSlot = 0;

// A frame with one variable, and a record.
class TimelineTest : public ::testing::Test {
  protected:
    TimelineTest() {
        d_writer.begin(11, format::kRecordLoopsSkipped);
        d_frame->code_id = d_writer.code("f", 1, 0);
        d_name = d_writer.name("x");
        d_frame->names = {d_name};
        d_frame->slots = 1;
    }

    void line(uint32_t number, int64_t x, const Shared<Context>& context) { line(number, Ref::integer(x), context); }
    void line(uint32_t number, Ref x, const Shared<Context>& context) {
        const bool whole = d_timeline.begin_event(EventKind::kLine, d_frame, number, context);
        if (whole || !(x == d_last)) d_timeline.change(kSlot, d_name, x);
        d_last = x;
        EXPECT_TRUE(d_timeline.end_event());
    }

    // The same as one of the events of a frame where every slot is an integer.
    void integer_line(uint32_t number, int64_t x, const Shared<Context>& context) {
        if (!d_timeline.has_line_room(d_frame, context)) {
            ASSERT_TRUE(d_timeline.begin_lines(d_frame, context));
        }
        int64_t* at = d_timeline.add_line(d_frame);
        at[0] = number;
        at[1] = x;
    }

    std::string record() {
        EXPECT_TRUE(d_timeline.flush());
        std::string text;
        EXPECT_FALSE(format::dump({d_arena.data(), d_committed}, [&](std::string_view piece) { text += piece; }));
        return text.substr(text.find('\n') + 1);
    }

    std::vector<uint8_t> d_arena = std::vector<uint8_t>(1 << 20);
    uint64_t d_committed = 0;
    format::RecordWriter d_writer{d_arena.data(), d_arena.size(), &d_committed};
    DeferredValues d_values{d_writer};
    Timeline d_timeline{d_writer, d_values, Limits{1, 1, 0}};
    Shared<Frame> d_frame{new Frame()};
    Shared<Context> d_outside;
    uint32_t d_name = 0;
    Ref d_last;
};

TEST_F(TimelineTest, KeepsTheFirstAndTheLastIteration) {
    LoopRun run;
    run.line = 2;
    for (int64_t i = 1; i <= 5; ++i) {
        d_timeline.begin_iteration(run, static_cast<uint64_t>(i), d_outside);
        d_timeline.confirm(run);
        line(3, i, run.context);
    }
    d_timeline.close(run, d_frame);
    line(4, 5, d_outside);
    EXPECT_EQ(record(), "line #0 f:3 | x: int 1\n"
                        "elided #0 loop 2 iterations 2 to 4 events 3\n"
                        "line #0 f:3 | x: int 5\n"
                        "line #0 f:4\n"
                        "incomplete\n");
    EXPECT_EQ(d_timeline.clock(), 6u);
}

TEST_F(TimelineTest, BeginsAnIterationInTheObjectsOfOneThatWasElided) {
    LoopRun run;
    run.line = 2;
    int renewed = 0;
    for (int64_t i = 1; i <= 6; ++i) {
        if (d_timeline.renew(run, d_outside)) {
            ++renewed;
        } else {
            d_timeline.begin_iteration(run, static_cast<uint64_t>(i), d_outside);
        }
        EXPECT_EQ(run.number, static_cast<uint64_t>(i));
        d_timeline.confirm(run);
        line(3, i, run.context);
        line(4, -i, run.context);
    }
    // The second and the third make objects of their own, the third leaves those of the second.
    EXPECT_EQ(renewed, 3);
    // Not for a loop that runs elsewhere: nothing happens.
    const Shared<Context> elsewhere(new Context());
    EXPECT_FALSE(d_timeline.renew(run, elsewhere));
    EXPECT_EQ(run.number, 6u);
    d_timeline.close(run, d_frame);
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
        if (!d_timeline.renew(run, d_outside)) {
            d_timeline.begin_iteration(run, static_cast<uint64_t>(i), d_outside);
        }
        d_timeline.confirm(run);
        if (i == 1) {
            EXPECT_FALSE(d_timeline.begin_lines(d_frame, run.context)) << "nothing is pending yet";
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
    d_timeline.output(format::Stream::kStdout, "8", run.context);
    integer_line(8, 8, run.context);
    line(9, 5, run.context);
    d_timeline.close(run, d_frame);
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
    EXPECT_EQ(d_timeline.clock(), 17u);
}

TEST_F(TimelineTest, TakesBackALineThatHasMoreThanIntegers) {
    LoopRun run;
    run.line = 2;
    for (int64_t i = 1; i <= 3; ++i) {
        d_timeline.begin_iteration(run, static_cast<uint64_t>(i), d_outside);
        d_timeline.confirm(run);
        if (i == 1) continue;
        integer_line(3, i, run.context);
        integer_line(4, 0, run.context);
        d_timeline.take_back_line(d_frame);
        line(4, Ref::real(0.5), run.context);
    }
    d_timeline.close(run, d_frame);
    EXPECT_EQ(record(), "elided #0 loop 2 iterations 2 to 2 events 2\n"
                        "line #0 f:3 | x: int 3\n"
                        "line #0 f:4 | x: float 0.5\n"
                        "incomplete\n");
    EXPECT_EQ(d_timeline.clock(), 4u);
}

TEST_F(TimelineTest, KeepsATestThatEndsTheLoopBesideTheLastIteration) {
    LoopRun run;
    run.line = 2;
    for (int64_t i = 1; i <= 4; ++i) {
        d_timeline.begin_iteration(run, static_cast<uint64_t>(i), d_outside);
        line(2, i, run.context);
        if (i == 4) break;
        d_timeline.confirm(run);
        line(3, i, run.context);
    }
    d_timeline.close(run, d_frame);
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
        d_timeline.begin_iteration(run, static_cast<uint64_t>(i), d_outside);
        d_timeline.confirm(run);
        line(3, i, run.context);
        d_timeline.output(format::Stream::kStdout, std::to_string(i), run.context);
    }
    d_timeline.close(run, d_frame);
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
        d_timeline.begin_iteration(outer, static_cast<uint64_t>(i), d_outside);
        d_timeline.confirm(outer);
        LoopRun inner;
        inner.line = 3;
        for (int64_t j = 1; j <= 3; ++j) {
            d_timeline.begin_iteration(inner, static_cast<uint64_t>(j), outer.context);
            d_timeline.confirm(inner);
            line(4, 10 * i + j, inner.context);
        }
        d_timeline.close(inner, d_frame);
    }
    d_timeline.close(outer, d_frame);
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
        d_timeline.begin_iteration(run, static_cast<uint64_t>(i), d_outside);
        d_timeline.confirm(run);
        line(3, i, run.context);
        const uint64_t suspended = d_timeline.clock();
        line(9, i, d_outside);
        d_timeline.resume(run, d_outside, suspended);
    }
    d_timeline.close(run, d_frame);
    EXPECT_EQ(record(), "line #0 f:3 | x: int 1\n"
                        "line #0 f:9\n"
                        "line #0 f:9 | x: int 2\n"
                        "elided #0 loop 2 iterations 2 to 2 events 1\n"
                        "line #0 f:3 | x: int 3\n"
                        "line #0 f:9\n"
                        "incomplete\n");
}

TEST_F(TimelineTest, HasRoomAgainForWhatWasElided) {
    Timeline timeline(d_writer, d_values, Limits{1, 1, 4});
    const auto event = [&](const Shared<Context>& context) {
        EXPECT_TRUE(timeline.has_room());
        timeline.begin_event(EventKind::kLine, d_frame, 3, context);
        EXPECT_TRUE(timeline.end_event());
    };
    LoopRun run;
    for (uint64_t i = 1; i <= 100; ++i) {
        timeline.begin_iteration(run, i, d_outside);
        timeline.confirm(run);
        if (i % 2 == 0 && timeline.begin_lines(d_frame, run.context)) {
            std::fill_n(timeline.add_line(d_frame), d_frame->line_size(), 0);
        } else {
            event(run.context);
        }
    }
    timeline.close(run, d_frame);
    event(d_outside);
    event(d_outside);
    EXPECT_FALSE(timeline.has_room());
}

TEST_F(TimelineTest, WritesNoTextOfAnElidedIteration) {
    const uint32_t type = d_writer.type("list");
    LoopRun run;
    run.line = 2;
    for (uint64_t i = 1; i <= 100'000; ++i) {
        d_timeline.begin_iteration(run, i, d_outside);
        d_timeline.confirm(run);
        line(3, d_values.add(type, 0, std::string(500, 'x') + std::to_string(i), 0, 0, Ref()), run.context);
        if (!d_values.wants_sweep()) continue;
        d_timeline.mark_values();
        d_values.mark(d_last);
        d_values.sweep();
    }
    EXPECT_LT(d_values.bytes(), 5u << 20);
    d_timeline.close(run, d_frame);
    const std::string text = record();
    EXPECT_NE(text.find("iterations 2 to 99999 events 99998"), std::string::npos);
    EXPECT_LT(d_committed, 2'000u);
}

// Two threads that take turns: each has its loop, and its events count for its own iterations only.
TEST_F(TimelineTest, ThreadsTakeTurns) {
    Shared<Frame> other(new Frame());
    other->code_id = d_frame->code_id;
    LoopRun runs[2];
    runs[0].line = runs[1].line = 2;
    uint64_t clocks[2] = {0, 0};
    for (int64_t i = 1; i <= 5; ++i) {
        for (uint32_t thread : {0u, 1u}) {
            if (i != 1 || thread != 0) clocks[1 - thread] = d_timeline.go_on_in(thread, clocks[thread]);
            LoopRun& run = runs[thread];
            d_timeline.begin_iteration(run, static_cast<uint64_t>(i), d_outside);
            d_timeline.confirm(run);
            const Shared<Frame>& frame = thread == 0 ? d_frame : other;
            d_timeline.begin_event(EventKind::kLine, frame, 3, run.context);
            d_timeline.change(kSlot, d_name, Ref::integer(10 * thread + i));
            EXPECT_TRUE(d_timeline.end_event());
        }
    }
    d_timeline.output(format::Stream::kStdout, "1", runs[1].context);
    d_timeline.close(runs[1], other);
    clocks[1] = d_timeline.go_on_in(0, clocks[0]);
    d_timeline.close(runs[0], d_frame);
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
    line(1, 7, d_outside);
    d_timeline.begin_event(EventKind::kLine, d_frame, 2, d_outside);
    d_timeline.change(kSlot, d_name, Ref::integer(8));
    const Operation taken = d_timeline.take_back_event();
    EXPECT_EQ(taken.line, 2u);
    const uint64_t clock = d_timeline.go_on_in(1, 0);
    EXPECT_EQ(clock, 1u);
    const Shared<Frame> other(new Frame());
    d_timeline.begin_event(EventKind::kLine, other, 9, d_outside);
    EXPECT_TRUE(d_timeline.end_event());
    EXPECT_EQ(d_timeline.go_on_in(0, clock), 1u);
    EXPECT_TRUE(d_timeline.begin_event(taken.event, d_frame, taken.line, d_outside));
    d_timeline.change(kSlot, d_name, Ref::integer(7));
    d_timeline.take_back_changes();
    d_timeline.change(kSlot, d_name, Ref::integer(8));
    EXPECT_TRUE(d_timeline.end_event());
    EXPECT_EQ(record(), "line #0 f:1 | x: int 7\n"
                        "thread 1\n"
                        "line #1 f:9\n"
                        "thread 0\n"
                        "line #0 f:2 | x: int 8\n"
                        "incomplete\n");
}

// What may be recorded is that of all threads together.
TEST_F(TimelineTest, ThreadsShareTheRoom) {
    Timeline timeline(d_writer, d_values, Limits{1, 1, 3});
    const auto event = [&] {
        timeline.begin_event(EventKind::kLine, d_frame, 1, d_outside);
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
        d_timeline.begin_iteration(run, i, d_outside);
        d_timeline.confirm(run);
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
