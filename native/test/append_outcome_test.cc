#include "format/append_outcome.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "format/writer.h"
#include "test_arena.h"

namespace tracemill::format {
namespace {

using test::Arena;
using test::dump_text;

Outcome crash() {
    Outcome outcome;
    outcome.status = Status::kCrash;
    outcome.exception = OutcomeException{"SystemError", "gone", 0};
    outcome.detail = "signal 11";
    outcome.events = 4;
    return outcome;
}

constexpr const char* kCrashLine =
    "outcome crash events 4 lines 0 stdout 0 stderr 0 cpu 0 wall 0 | exception: SystemError \"gone\" line 0 | "
    "detail: \"signal 11\"\n";

TEST(AppendOutcome, FinishesWhatAWriterLeft) {
    Arena arena;
    {
        RecordWriter writer(arena.base(), arena.bytes.size(), &arena.committed);
        writer.begin(13, 0);
        writer.type("unpublished");
        writer.output(Stream::kStderr, "last words");
        writer.type("never published");
    }
    EXPECT_TRUE(append_outcome(arena.base(), arena.bytes.size(), &arena.committed, crash(), 12));
    EXPECT_EQ(dump_text(arena.record()),
              std::string("record 2 python 3.13\noutput stderr \"last words\"\n") + kCrashLine);
}

std::string finished_with(const ReachedStreams& streams) {
    Arena arena;
    RecordWriter writer(arena.base(), arena.bytes.size(), &arena.committed);
    writer.begin(13, 0);
    writer.output(Stream::kStdout, "one");
    writer.output(Stream::kStderr, "oops");
    writer.output(Stream::kStdout, "two");
    EXPECT_TRUE(append_outcome(arena.base(), arena.bytes.size(), &arena.committed, crash(), 12, 0, &streams));
    std::string text = dump_text(arena.record());
    const size_t outputs = text.find("output stdout \"two\"\n") + std::strlen("output stdout \"two\"\n");
    return text.substr(outputs, text.find("outcome ") - outputs);
}

TEST(AppendOutcome, SaysWhatReachedTheStreamsWhereItsOutputsDoNot) {
    EXPECT_EQ(finished_with({"onetwo", "oops", false}), "");
    EXPECT_EQ(finished_with({"onetwo", "", false}), "stream stderr \"\"\n");
    EXPECT_EQ(finished_with({"zeroonetwo", "oops", true}), "stream stdout \"zeroonetwo\"\n");
    EXPECT_EQ(finished_with({"onetwo\xff", "ooPs", true}), "stream stdout \"onetwo\\xff\"\nstream stderr \"ooPs\"\n");
}

TEST(AppendOutcome, TakesWhatAStoppedProgramHadInItsBuffersAsWritten) {
    EXPECT_EQ(finished_with({"onet", "", true}), "");
    EXPECT_EQ(finished_with({"onet", "oops", false}), "stream stdout \"onet\"\n");
}

TEST(AppendOutcome, CutsWhatReachedAStreamToTheRoom) {
    Arena arena;
    RecordWriter writer(arena.base(), arena.bytes.size(), &arena.committed);
    writer.begin(13, 0);
    const std::string long_text(arena.bytes.size(), 'x');
    const ReachedStreams streams{long_text, long_text, false};
    EXPECT_TRUE(append_outcome(arena.base(), arena.bytes.size(), &arena.committed, crash(), 12, 0, &streams));
    const std::string text = dump_text(arena.record());
    EXPECT_NE(text.find("stream stdout \"xxx"), std::string::npos);
    EXPECT_NE(text.find(kCrashLine), std::string::npos);
}

TEST(AppendOutcome, WritesAHeaderWhereThereIsNone) {
    Arena arena;
    EXPECT_TRUE(append_outcome(arena.base(), arena.bytes.size(), &arena.committed, crash(), 12, kRecordLoopsSkipped));
    EXPECT_EQ(dump_text(arena.record()), std::string("record 2 python 3.12 loops skip\n") + kCrashLine);
}

TEST(AppendOutcome, LeavesAFinishedRecordAlone) {
    Arena arena;
    RecordWriter writer(arena.base(), arena.bytes.size(), &arena.committed);
    writer.begin(13, 0);
    writer.outcome(Outcome{});
    const std::vector<uint8_t> before = arena.bytes;
    const uint64_t committed = arena.committed;
    EXPECT_FALSE(append_outcome(arena.base(), arena.bytes.size(), &arena.committed, crash(), 12));
    EXPECT_EQ(arena.bytes, before);
    EXPECT_EQ(arena.committed, committed);
}

// The outcome of a full record lies in the reserve, with its definitions.
TEST(AppendOutcome, LeavesARecordAloneThatWasFinishedInTheReserve) {
    Arena arena(kOutcomeReserve + 20);
    RecordWriter writer(arena.base(), arena.bytes.size(), &arena.committed);
    writer.begin(13, 0);
    EXPECT_FALSE(writer.output(Stream::kStdout, "does not fit into so little"));
    Outcome outcome;
    outcome.result = ValueText{"str", 0, "a result that does not fit either"};
    ASSERT_TRUE(writer.outcome(outcome));
    const uint64_t committed = arena.committed;
    EXPECT_FALSE(append_outcome(arena.base(), arena.bytes.size(), &arena.committed, crash(), 12));
    EXPECT_EQ(arena.committed, committed);
}

TEST(AppendOutcome, DropsWhatTheProgramScribbled) {
    Arena arena;
    RecordWriter writer(arena.base(), arena.bytes.size(), &arena.committed);
    writer.begin(13, 0);
    writer.output(Stream::kStdout, "kept");
    const uint64_t kept = arena.committed;
    writer.output(Stream::kStdout, "damaged");
    arena.bytes[kept] = 0xff;
    EXPECT_TRUE(append_outcome(arena.base(), arena.bytes.size(), &arena.committed, crash(), 12));
    EXPECT_EQ(dump_text(arena.record()), std::string("record 2 python 3.13\noutput stdout \"kept\"\n") + kCrashLine);

    arena.committed = UINT64_MAX;
    arena.bytes[0] = 'X';
    EXPECT_TRUE(append_outcome(arena.base(), arena.bytes.size(), &arena.committed, crash(), 12));
    EXPECT_EQ(dump_text(arena.record()), std::string("record 2 python 3.12\n") + kCrashLine);
}

TEST(AppendOutcome, FitsEvenWhenTheProgramFilledTheReserve) {
    Arena arena(kOutcomeReserve + 100);
    RecordWriter writer(arena.base(), arena.bytes.size(), &arena.committed);
    writer.begin(13, 0);
    // Valid operations up to the last byte: empty names.
    for (uint64_t i = kRecordHeaderSize; i + 1 < arena.bytes.size(); i += 2) arena.bytes[i] = 0x01;
    arena.committed = arena.bytes.size() - 1;
    EXPECT_TRUE(append_outcome(arena.base(), arena.bytes.size(), &arena.committed, crash(), 12));
    EXPECT_EQ(dump_text(arena.record()), std::string("record 2 python 3.13\n") + kCrashLine);
}

TEST(AppendOutcome, NeedsRoom) {
    for (const size_t capacity : {size_t{0}, size_t{5}, size_t{100}}) {
        Arena arena(capacity);
        const std::vector<uint8_t> before = arena.bytes;
        EXPECT_FALSE(append_outcome(arena.base(), capacity, &arena.committed, crash(), 12));
        EXPECT_EQ(arena.committed, 0u);
        EXPECT_EQ(arena.bytes, before);
    }
}

}  // namespace
}  // namespace tracemill::format
