// What becomes of a recording whose memory ends, at whichever allocation that is.
#include <gtest/gtest.h>

#include <optional>
#include <sstream>
#include <string>

#include "format/writer.h"
#include "loops/deferred_values.h"
#include "loops/timeline.h"
#include "memory/account.h"
#include "test_arena.h"

namespace tracemill {
namespace {

using format::EventKind;
using format::Ref;
using loops::Context;
using loops::Frame;
using loops::LoopRun;
using loops::Shared;

constexpr uint32_t kFirstLine = 3;
constexpr int kLinesOfBody = 4;
constexpr int kIterations = 40;

// A frame whose only variable names the line that each event is at, so that an event with another event's value shows.
class Recording {
  public:
    explicit Recording(test::Arena& arena)
        : writer_(arena.base(), arena.bytes.size(), &arena.committed), values_(writer_),
          timeline_(writer_, values_, loops::Limits{1, 2, 0}) {
        writer_.begin(12, format::kRecordLoopsSkipped);
    }

    void run() {
        frame_ = Shared<Frame>(new Frame());
        frame_->code_id = writer_.code("f", 1, 0);
        name_ = writer_.name("x");
        type_ = writer_.type("str");
        LoopRun outer;
        for (int i = 1; i <= kIterations; ++i) {
            timeline_.begin_iteration(outer, static_cast<uint64_t>(i), Shared<Context>());
            timeline_.confirm(outer);
            for (int line = 0; line < kLinesOfBody; ++line)
                event(kFirstLine + static_cast<uint32_t>(line), outer.context);
            LoopRun inner;
            inner.line = kFirstLine;
            for (uint64_t k = 1; k <= 4; ++k) {
                if (!timeline_.renew(inner, outer.context)) timeline_.begin_iteration(inner, k, outer.context);
                timeline_.confirm(inner);
                event(kFirstLine, inner.context);
                if (i % 8 == 0) timeline_.output(format::Stream::kStdout, "a text that needs memory", inner.context);
            }
            timeline_.close(inner, frame_);
        }
        timeline_.close(outer, frame_);
    }

    // As the recorder does when an exception leaves an event.
    void abandon() { timeline_.abandon_event(); }
    bool finish() { return timeline_.flush(); }

  private:
    void event(uint32_t line, const Shared<Context>& context) {
        const bool raises = ++events_ % 7 == 0;
        timeline_.begin_event(raises ? EventKind::kException : EventKind::kLine, frame_, line, context);
        const std::string text = "'line " + std::to_string(line) + ", event " + std::to_string(events_) + "'";
        timeline_.change(0, name_, values_.add(type_, 0, text, 0, 0, Ref()));
        if (raises) timeline_.payload_exception(type_, "a message that is long enough to need memory", format::Ref());
        timeline_.end_event();
    }

    format::RecordWriter writer_;
    loops::DeferredValues values_;
    loops::Timeline timeline_;
    Shared<Frame> frame_;
    uint32_t name_ = 0;
    uint32_t type_ = 0;
    int events_ = 0;
};

// The first line of a dump that shows another line's value, or cannot be read.
std::optional<std::string> first_wrong(const std::string& dump) {
    std::istringstream lines(dump);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("byte ")) return line;
        if (!line.starts_with("line ") && !line.starts_with("exception ")) continue;
        const std::string number = line.substr(line.find("f:") + 2, 1);
        if (line.find("'line " + number + ",") == std::string::npos) return line;
    }
    return std::nullopt;
}

size_t events_in(const std::string& dump) {
    size_t count = 0;
    for (size_t at = 0; (at = dump.find("\nline ", at)) != std::string::npos; ++at) ++count;
    return count;
}

// Answers whether the recording came to its end.
bool record(test::Arena& arena, uint64_t room) {
    bool complete = true;
    Recording recording(arena);
    memory::forget_refusal();
    memory::set_limit(room);
    try {
        recording.run();
    } catch (const std::bad_alloc&) {
        complete = false;
        memory::set_limit(0);
        recording.abandon();
    }
    complete = complete && !memory::was_refused();
    memory::set_limit(0);
    recording.finish();
    return complete;
}

TEST(RecorderMemory, WhateverAllocationFailsTheRecordIsReadableAndTrue) {
    test::Arena whole;
    ASSERT_TRUE(record(whole, 0));
    const std::string full = test::dump_text(whole.record());
    ASSERT_EQ(first_wrong(full), std::nullopt);
    ASSERT_GT(events_in(full), 15u);

    size_t failed = 0;
    for (uint64_t room = 16; room < 64 * 1024; room += 16) {
        test::Arena arena;
        const bool complete = record(arena, room);
        const std::string dump = test::dump_text(arena.record());
        ASSERT_EQ(first_wrong(dump), std::nullopt) << "with room for " << room << " bytes";
        if (complete) {
            EXPECT_EQ(dump, full);
            break;
        }
        ++failed;
    }
    EXPECT_GT(failed, 100u);
}

TEST(RecorderMemory, IsGivenBackToTheByte) {
    const auto used = [] { return memory::s_account.used.load(); };
    test::Arena arena;
    record(arena, 0);  // what is kept for the next of a kind is there now
    const int64_t before = used();
    {
        test::Arena another;
        record(another, 0);
        EXPECT_GT(used(), before);
    }
    EXPECT_EQ(used(), before);
}

TEST(RecorderMemory, ARefusalIsNotedUntilItIsForgotten) {
    memory::forget_refusal();
    memory::set_limit(1000);
    EXPECT_EQ(memory::allocate(10'000), nullptr);
    const volatile size_t everything = SIZE_MAX;  // a constant is refused by compilers
    EXPECT_EQ(memory::allocate(everything), nullptr);
    EXPECT_TRUE(memory::was_refused());
    void* block = memory::allocate(100);
    EXPECT_NE(block, nullptr);
    EXPECT_EQ(memory::reallocate(block, 10'000), nullptr) << "and the block stays";
    memory::release(block);
    memory::set_limit(0);
    memory::forget_refusal();
    EXPECT_FALSE(memory::was_refused());
}

}  // namespace
}  // namespace tracemill
