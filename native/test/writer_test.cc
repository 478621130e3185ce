#include "format/writer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "format/reader.h"
#include "test_arena.h"

namespace tracemill::format {
namespace {

using test::Arena;
using test::dump_text;

// The example of dump.md, and whatever else the language can say.
TEST(Writer, DumpIsTheExample) {
    Arena arena;
    RecordWriter writer(arena.base(), arena.bytes.size(), &arena.committed);
    ASSERT_TRUE(writer.begin(11, 0));
    const uint32_t module_frame = writer.frame(writer.code("<module>", 1, kCodeModule));
    writer.begin_event(EventKind::kCall, module_frame, 1);
    EXPECT_TRUE(writer.end_event());
    writer.begin_event(EventKind::kLine, module_frame, 1);
    EXPECT_TRUE(writer.end_event());
    EXPECT_TRUE(writer.output(Stream::kStdout, "hi\n"));

    const uint32_t frame = writer.frame(writer.code("f", 3, kCodeGenerator), module_frame);
    const uint32_t x = writer.name("x");
    const uint32_t list = writer.type("list");
    writer.begin_event(EventKind::kCall, frame, 3);
    writer.change(x, Ref::integer(1));
    writer.change(writer.name("xs"), writer.value(list, kValueHasIdentity, "[1, 2]", 0, 1));
    EXPECT_TRUE(writer.end_event());
    writer.begin_event(EventKind::kLine, frame, 4);
    EXPECT_TRUE(writer.end_event());
    writer.begin_event(EventKind::kLine, frame, 5);
    writer.change(writer.name("s"), writer.value(writer.type("str"), 0, "'ab'"));
    writer.change(writer.name("big"),
                  writer.value(list, kValueCut | kValueHasLength | kValueHasIdentity, "[0, 1, 2", 1000, 2));
    writer.change(x, Ref::constant(RefConstant::kUnbound));
    EXPECT_TRUE(writer.end_event());
    writer.begin_event(EventKind::kYield, frame, 5);
    writer.payload_value(Ref::integer(3));
    EXPECT_TRUE(writer.end_event());
    const uint32_t value_error = writer.type("ValueError");
    writer.begin_event(EventKind::kException, frame, 5);
    const Ref raised = writer.value(value_error, kValueHasIdentity, "ValueError('bad')", 0, 3);
    writer.payload_exception(value_error, "bad", raised);
    EXPECT_TRUE(writer.end_event());
    writer.begin_event(EventKind::kReturn, frame, 5);
    writer.payload_value(Ref::constant(RefConstant::kNone));
    EXPECT_TRUE(writer.end_event());
    writer.begin_event(EventKind::kReturn, frame, 5);
    EXPECT_TRUE(writer.end_event());
    EXPECT_TRUE(writer.elided(frame, 4, 3, 97, 291));

    Outcome outcome;
    outcome.result = Ref::integer(3);
    outcome.exception = OutcomeException{"ValueError", "bad", 5, raised};
    outcome.detail = "text";
    outcome.events = 9;
    outcome.lines = 5;
    outcome.stdout_bytes = 3;
    EXPECT_TRUE(writer.outcome(outcome));
    EXPECT_EQ(dump_text(arena.record()), R"(record 2 python 3.11
call #0 <module>:1
line #0 <module>:1
output stdout "hi\n"
call #1 f:3 parent #0 | x: int 1 | xs: list [1, 2] id=1
line #1 f:4
line #1 f:5 | s: str 'ab' | big: list [0, 1, 2 cut len=1000 id=2 | x: unbound
yield #1 f:5 -> int 3
exception #1 f:5 !! ValueError "bad" -> ValueError ValueError('bad') id=3
return #1 f:5 -> NoneType None
return #1 f:5 unwound
elided #1 loop 4 iterations 3 to 99 events 291
outcome ok events 9 lines 5 stdout 3 stderr 0 cpu 0 wall 0 | result: int 3 | exception: ValueError "bad" line 5 -> ValueError ValueError('bad') id=3 | detail: "text"
)");
}

TEST(Writer, WritesTheSpecifiedBytes) {
    Arena arena;
    RecordWriter writer(arena.base(), arena.bytes.size(), &arena.committed);
    writer.begin(12, kRecordLoopsSkipped);
    const uint32_t frame = writer.frame(writer.code("f", 2, kCodeEntry));
    writer.begin_event(EventKind::kLine, frame, 1);
    writer.change(writer.name("x"), Ref::integer(-1));
    writer.change(writer.name("y"), Ref::real(1.0));
    writer.end_event();
    writer.begin_event(EventKind::kReturn, frame, 3);
    writer.payload_value(writer.value(writer.type("A"), kValueHasLength, "r", -2));
    writer.end_event();
    const std::vector<uint8_t> expected = {
        'T',  'M', 'R', 'C', 2,  12,  1,                                     // header
        4,    1,   'f', 2,   16,                                             // code
        5,    0,   0,                                                        // frame
        1,    1,   'x', 1,   1,  'y',                                        // names
        0x59, 0,   1,   2,   0,  5,   1, 2,   0, 0, 0, 0, 0, 0, 0xf0, 0x3f,  // line, delta -1
        2,    1,   'A', 3,   0,  2,   1, 'r', 3,                             // type and value
        0x62, 4,   0,                                                        // return, delta 2, same frame
    };
    EXPECT_EQ(std::vector<uint8_t>(arena.record().begin(), arena.record().end()), expected);
}

TEST(Writer, GivesEqualDefinitionsOneId) {
    Arena arena;
    RecordWriter writer(arena.base(), arena.bytes.size(), &arena.committed);
    writer.begin(12, 0);
    EXPECT_EQ(writer.name("a"), 0u);
    EXPECT_EQ(writer.name("b"), 1u);
    EXPECT_EQ(writer.name("a"), 0u);
    EXPECT_EQ(writer.type("a"), 0u);
    EXPECT_EQ(writer.type("ab"), 1u);
    const Ref first = writer.value(0, 0, "text");
    EXPECT_EQ(writer.value(0, 0, "text"), first);
    EXPECT_NE(writer.value(1, 0, "text"), first);
    EXPECT_NE(writer.value(0, kValueCut, "text"), first);
    EXPECT_NE(writer.value(0, 0, "texts"), first);
    EXPECT_EQ(writer.value(0, 0, "text", 5, 6), first);
    const Ref object = writer.value(0, kValueHasLength | kValueHasIdentity, "text", 5, 6);
    EXPECT_NE(object, first);
    EXPECT_EQ(writer.value(0, kValueHasLength | kValueHasIdentity, "text", 5, 6), object);
    EXPECT_NE(writer.value(0, kValueHasLength | kValueHasIdentity, "text", 5, 7), object);
    EXPECT_NE(writer.value(0, kValueHasLength | kValueHasIdentity, "text", 4, 6), object);
}

TEST(Writer, KeepsIdsWhileItsTableGrows) {
    Arena arena(8 << 20);
    RecordWriter writer(arena.base(), arena.bytes.size(), &arena.committed);
    writer.begin(12, 0);
    const uint32_t type = writer.type("int");
    for (int round = 0; round < 2; ++round) {
        for (uint32_t i = 0; i < 100000; ++i) {
            ASSERT_EQ(writer.value(type, 0, std::to_string(i)), Ref::value(i));
            ASSERT_EQ(writer.name("n" + std::to_string(i)), i);
        }
    }
}

TEST(Writer, PublishesWholeUnitsOnly) {
    Arena arena;
    RecordWriter writer(arena.base(), arena.bytes.size(), &arena.committed);
    EXPECT_EQ(arena.committed, 0u);
    writer.begin(12, 0);
    EXPECT_EQ(arena.committed, kRecordHeaderSize);
    const uint32_t frame = writer.frame(writer.code("f", 1, 0));
    writer.begin_event(EventKind::kLine, frame, 1);
    writer.change(writer.name("x"), writer.value(writer.type("t"), 0, "r"));
    EXPECT_EQ(arena.committed, kRecordHeaderSize);
    EXPECT_EQ(dump_text(arena.record()), "record 2 python 3.12\nincomplete\n");
    writer.end_event();
    EXPECT_EQ(dump_text(arena.record()), "record 2 python 3.12\nline #0 f:1 | x: t r\nincomplete\n");
}

TEST(Writer, CountsLinesPerFrame) {
    Arena arena;
    RecordWriter writer(arena.base(), arena.bytes.size(), &arena.committed);
    writer.begin(12, 0);
    const uint32_t code = writer.code("f", 10, 0);
    const uint32_t one = writer.frame(code);
    const uint32_t two = writer.frame(code, one);
    std::string expected = "record 2 python 3.12\n";
    const std::pair<uint32_t, uint32_t> steps[] = {{one, 10}, {one, 12}, {two, 10}, {one, 5}, {two, 2000000000}};
    for (const auto& [frame, line] : steps) {
        writer.begin_event(EventKind::kLine, frame, line);
        EXPECT_TRUE(writer.end_event());
        expected += "line #" + std::to_string(frame) + " f:" + std::to_string(line);
        expected += frame == two && line == 10 ? " parent #0\n" : "\n";
    }
    EXPECT_EQ(dump_text(arena.record()), expected + "incomplete\n");
}

TEST(Ref, EqualsBitByBit) {
    EXPECT_EQ(Ref::real(NAN), Ref::real(NAN));
    EXPECT_NE(Ref::real(0.0), Ref::real(-0.0));
    EXPECT_NE(Ref::integer(0), Ref::real(0.0));
    EXPECT_NE(Ref::integer(1), Ref::constant(RefConstant::kTrue));
    EXPECT_TRUE(Ref::fits(kRefIntMax));
    EXPECT_TRUE(Ref::fits(kRefIntMin));
    EXPECT_FALSE(Ref::fits(kRefIntMax + 1));
    EXPECT_FALSE(Ref::fits(kRefIntMin - 1));
    EXPECT_EQ(Ref::integer(kRefIntMax).as_integer(), kRefIntMax);
    EXPECT_EQ(Ref::integer(kRefIntMin).as_integer(), kRefIntMin);
}

// A thread is named in front of what happens on it, where it changes.
TEST(Writer, NamesThreadsWhereTheyChange) {
    Arena arena;
    RecordWriter writer(arena.base(), arena.bytes.size(), &arena.committed);
    ASSERT_TRUE(writer.begin(12, 0));
    const uint32_t frame = writer.frame(writer.code("f", 1, 0));
    const auto line = [&](uint32_t number) {
        writer.begin_event(EventKind::kLine, frame, number);
        EXPECT_TRUE(writer.end_event());
    };
    line(1);
    writer.thread(1);
    writer.thread(0);
    line(2);
    writer.thread(2);
    EXPECT_TRUE(writer.output(Stream::kStdout, "a"));
    line(3);
    EXPECT_EQ(dump_text(arena.record()),
              "record 2 python 3.12\nline #0 f:1\nline #0 f:2\nthread 2\noutput stdout \"a\"\n"
              "line #0 f:3\nincomplete\n");
}

TEST(Writer, PutsAnEventAside) {
    Arena arena;
    RecordWriter writer(arena.base(), arena.bytes.size(), &arena.committed);
    ASSERT_TRUE(writer.begin(12, 0));
    const uint32_t frame = writer.frame(writer.code("f", 1, 0));
    const uint32_t x = writer.name("x");
    PendingEvent aside;
    writer.begin_event(EventKind::kLine, frame, 1);
    writer.change(x, Ref::integer(1));
    writer.exchange_event(aside);
    writer.begin_event(EventKind::kReturn, frame, 2);
    writer.payload_value(Ref::integer(3));
    EXPECT_TRUE(writer.end_event());
    writer.exchange_event(aside);
    EXPECT_TRUE(writer.end_event());
    EXPECT_EQ(dump_text(arena.record()),
              "record 2 python 3.12\nreturn #0 f:2 -> int 3\nline #0 f:1 | x: int 1\nincomplete\n");
}

}  // namespace
}  // namespace tracemill::format
