// What a record holds when its memory was too small.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "format/reader.h"
#include "format/writer.h"
#include "test_arena.h"

namespace tracemill::format {
namespace {

using test::Arena;
using test::dump_text;

// Writes one event per iteration, each with a new value, until one does not fit; returns how many did.
uint32_t fill(RecordWriter& writer) {
    writer.begin(12, 0);
    const uint32_t frame = writer.frame(writer.code("f", 1, 0));
    const uint32_t type = writer.type("str");
    const uint32_t name = writer.name("x");
    for (uint32_t i = 0;; ++i) {
        writer.begin_event(EventKind::kLine, frame, i);
        writer.change(name, writer.value(type, 0, "value " + std::to_string(i)));
        if (!writer.end_event()) return i;
    }
}

TEST(FullWriter, StaysAtTheLastUnit) {
    for (uint64_t room = 0; room < 600; ++room) {
        Arena arena(kOutcomeReserve + room);
        RecordWriter writer(arena.base(), arena.bytes.size(), &arena.committed);
        const uint32_t events = fill(writer);
        EXPECT_TRUE(writer.full());
        EXPECT_LE(arena.committed, std::max<uint64_t>(room, kRecordHeaderSize));
        const uint64_t committed = arena.committed;
        EXPECT_FALSE(writer.output(Stream::kStdout, ""));
        EXPECT_FALSE(writer.elided(0, 1, 1, 1, 1));
        EXPECT_EQ(writer.name("x"), kNoId);
        EXPECT_EQ(writer.type("new"), kNoId);
        EXPECT_EQ(writer.value(0, 0, "r"), Ref::value(kNoId));
        EXPECT_EQ(writer.code("g", 1, 0), kNoId);
        EXPECT_EQ(writer.frame(0), kNoId);
        EXPECT_EQ(arena.committed, committed);

        std::string expected = "record 2 python 3.12\n";
        for (uint32_t i = 0; i < events; ++i) {
            expected += "line #0 f:" + std::to_string(i) + " | x: str value " + std::to_string(i) + "\n";
        }
        ASSERT_EQ(dump_text(arena.record()), expected + "incomplete\n") << room;

        Outcome outcome;
        outcome.status = Status::kMemoryLimit;
        outcome.exception = OutcomeException{"MemoryError", "", 2};
        ASSERT_TRUE(writer.outcome(outcome));
        ASSERT_EQ(dump_text(arena.record()),
                  expected + "outcome memory-limit events 0 lines 0 stdout 0 stderr 0 cpu 0 wall 0 | exception: "
                             "MemoryError \"\" line 2\n");
    }
}

TEST(FullWriter, LeavesOutAResultThatWasRolledBack) {
    Arena arena(kOutcomeReserve + 200);
    RecordWriter writer(arena.base(), arena.bytes.size(), &arena.committed);
    writer.begin(12, 0);
    Outcome outcome;
    outcome.result = writer.value(writer.type("str"), 0, "small");
    EXPECT_EQ(writer.value(0, 0, std::string(300, 'x')), Ref::value(kNoId));
    EXPECT_TRUE(writer.outcome(outcome));
    EXPECT_EQ(dump_text(arena.record()),
              "record 2 python 3.12\noutcome ok events 0 lines 0 stdout 0 stderr 0 cpu 0 wall 0\n");
}

TEST(FullWriter, CutsTheTextsOfTheOutcome) {
    std::string euros;
    for (int i = 0; i < 100000; ++i) euros += "\xe2\x82\xac";
    Arena arena(kOutcomeReserve + 100);
    RecordWriter writer(arena.base(), arena.bytes.size(), &arena.committed);
    fill(writer);
    Outcome outcome;
    outcome.result = ValueText{euros, kValueHasLength, euros, 100000};
    outcome.exception = OutcomeException{euros, euros, 1};
    outcome.detail = euros;
    outcome.events = outcome.wall_ns = UINT64_MAX;
    ASSERT_TRUE(writer.outcome(outcome));
    EXPECT_LE(arena.committed, arena.bytes.size());
    RecordReader reader(arena.record());
    while (reader.next()) {
    }
    ASSERT_EQ(reader.error(), nullptr) << reader.error()->message;
    ASSERT_TRUE(reader.has_outcome());
    const ValueView& result = reader.values()[reader.outcome().result.value_id()];
    EXPECT_EQ(result.flags, kValueHasLength | kValueCut);
    EXPECT_EQ(result.length, 100000);
    for (const std::string_view text : {result.repr, reader.types()[result.type], reader.outcome().message,
                                        reader.types()[reader.outcome().exception_type], reader.outcome().detail}) {
        EXPECT_GT(text.size(), 1000u);
        EXPECT_EQ(text, std::string_view(euros).substr(0, text.size()));
        EXPECT_EQ(text.size() % 3, 0u);
    }
    EXPECT_GT(result.repr.size(), 20000u);
    EXPECT_GT(reader.outcome().message.size(), 20000u);
    EXPECT_EQ(reader.outcome().wall_ns, UINT64_MAX);
}

TEST(FullWriter, InternsTheOutcomesTextsWhileThereIsRoom) {
    Arena arena;
    RecordWriter writer(arena.base(), arena.bytes.size(), &arena.committed);
    writer.begin(12, 0);
    const Ref ref = writer.value(writer.type("str"), 0, "text");
    Outcome outcome;
    outcome.result = ValueText{"str", 0, "text"};
    outcome.exception = OutcomeException{"str", std::string_view(), 0};
    ASSERT_TRUE(writer.outcome(outcome));
    RecordReader reader(arena.record());
    while (reader.next()) {
    }
    EXPECT_EQ(reader.types().size(), 1u);
    EXPECT_EQ(reader.values().size(), 1u);
    EXPECT_EQ(reader.outcome().result, ref);
}

TEST(FullWriter, RefusesASecondOutcomeAndAMissingHeader) {
    Arena small(kRecordHeaderSize - 1);
    RecordWriter none(small.base(), small.bytes.size(), &small.committed);
    EXPECT_FALSE(none.begin(12, 0));
    EXPECT_FALSE(none.outcome(Outcome{}));
    EXPECT_EQ(small.committed, 0u);

    Arena arena;
    RecordWriter writer(arena.base(), arena.bytes.size(), &arena.committed);
    writer.begin(12, 0);
    EXPECT_TRUE(writer.outcome(Outcome{}));
    const uint64_t committed = arena.committed;
    EXPECT_FALSE(writer.output(Stream::kStdout, "late"));
    EXPECT_FALSE(writer.outcome(Outcome{}));
    EXPECT_EQ(arena.committed, committed);
}

}  // namespace
}  // namespace tracemill::format
