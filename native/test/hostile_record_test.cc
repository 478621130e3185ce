// Records in which one field is wrong: the reader must name it.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "format/byte_cursor.h"
#include "format/reader.h"
#include "format/record.h"
#include "format/varint.h"
#include "test_arena.h"

namespace tracemill::format {
namespace {

class Bytes {
  public:
    Bytes& raw(std::initializer_list<int> bytes) {
        for (const int byte : bytes) bytes_.push_back(static_cast<uint8_t>(byte));
        return *this;
    }
    Bytes& varint(uint64_t value) {
        uint8_t encoded[kMaxVarintSize];
        bytes_.insert(bytes_.end(), encoded, put_varint(encoded, value));
        return *this;
    }
    Bytes& text(std::string_view text) {
        varint(text.size());
        bytes_.insert(bytes_.end(), text.begin(), text.end());
        return *this;
    }
    // "N: message" of the error.
    std::string error() const {
        RecordReader reader(bytes_);
        while (reader.next()) {
        }
        if (reader.error() == nullptr) return "none";
        return std::to_string(reader.error()->offset) + ": " + reader.error()->message;
    }

  private:
    std::vector<uint8_t> bytes_;
};

Bytes header() { return Bytes().raw({'T', 'M', 'R', 'C', 2, 12, 0}); }

// 22 bytes: a name, a type, a value of it, a code whose first line is 3 and its frame, all numbered 0.
Bytes defined() {
    return header().raw({0x01, 1, 'x'}).raw({0x02, 1, 't'}).raw({0x03, 0, 0, 0}).raw({0x04, 0, 3, 0}).raw({0x05, 0, 0});
}
constexpr int kDefined = 7 + 3 + 3 + 4 + 4 + 3;

std::string at(int offset, const char* message) { return std::to_string(kDefined + offset) + ": " + message; }

TEST(HostileRecord, Header) {
    EXPECT_EQ(Bytes().error(), "0: the bytes end inside the header");
    EXPECT_EQ(Bytes().raw({'T', 'M', 'R'}).error(), "3: the bytes end inside the header");
    EXPECT_EQ(Bytes().raw({'T', 'M', 'X', 'C', 2, 12, 0}).error(),
              "2: not a trace record: it does not start with TMRC");
    EXPECT_EQ(Bytes().raw({'T', 'M', 'R', 'C', 1, 12, 0}).error(),
              "4: record format version 1 cannot be read: this reader knows version 2");
    EXPECT_EQ(Bytes().raw({'T', 'M', 'R', 'C', 2, 12}).error(), "6: the bytes end inside the header");
    EXPECT_EQ(Bytes().raw({'T', 'M', 'R', 'C', 2, 12, 2}).error(), "6: record flags 0x02 have no meaning");
    EXPECT_EQ(header().error(), "none");
}

TEST(HostileRecord, Tags) {
    EXPECT_EQ(header().raw({0x00}).error(), "7: tag 0x00 has no meaning");
    EXPECT_EQ(header().raw({0x3f}).error(), "7: tag 0x3f has no meaning");
    EXPECT_EQ(header().raw({0xc1}).error(), "7: tag 0xc1 has no meaning");
    EXPECT_EQ(header().raw({0x4e}).error(), "7: tag 0x4e has no meaning");
}

TEST(HostileRecord, Texts) {
    EXPECT_EQ(header().raw({0x01}).error(), "8: the bytes end inside the text of a name");
    EXPECT_EQ(header().raw({0x01, 5, 'a'}).error(), "8: the text of a name claims 5 bytes where 1 are left");
    EXPECT_EQ(header().raw({0x02}).varint(UINT64_MAX).error(),
              "8: the text of a type claims 18446744073709551615 bytes where 0 are left");
    EXPECT_EQ(header().raw({0x01, 3, 'a', 0xc3, 'b'}).error(), "10: the text of a name is not UTF-8");
    EXPECT_EQ(header().raw({0x01, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02}).error(),
              "8: the text of a name has more than 64 bits");
}

TEST(HostileRecord, Definitions) {
    EXPECT_EQ(defined().error(), "none");
    EXPECT_EQ(defined().raw({0x03, 1}).error(), at(1, "the type of a value is 1 where 1 are defined"));
    EXPECT_EQ(defined().raw({0x03, 0, 0x80}).error(), at(2, "value flags 0x80 have no meaning"));
    EXPECT_EQ(defined().raw({0x03, 0, 2, 0}).error(), at(4, "the bytes end inside the length of a value"));
    EXPECT_EQ(defined().raw({0x03, 0, 4, 0}).error(), at(4, "the bytes end inside the identity of a value"));
    EXPECT_EQ(defined().raw({0x04, 0}).varint(uint64_t{1} << 31).error(),
              at(2, "the first line of a code is out of range"));
    EXPECT_EQ(defined().raw({0x04, 0, 1, 0x20}).error(), at(3, "code flags 0x20 have no meaning"));
    EXPECT_EQ(defined().raw({0x05, 1}).error(), at(1, "the code of a frame is 1 where 1 are defined"));
    EXPECT_EQ(defined().raw({0x05, 0, 2}).error(), at(2, "the parent of a frame, plus one, is 2 where 2 are defined"));
    // A frame is not its own parent.
    EXPECT_EQ(header().raw({0x04, 0, 3, 0}).raw({0x05, 0, 1}).error(),
              "13: the parent of a frame, plus one, is 1 where 1 are defined");
}

TEST(HostileRecord, Events) {
    EXPECT_EQ(defined().raw({0x49, 0, 0}).error(), "none");
    EXPECT_EQ(defined().raw({0x41, 0}).error(), at(0, "the first event names no frame"));
    EXPECT_EQ(defined().raw({0x49, 1}).error(), at(1, "the frame of an event is 1 where 1 are defined"));
    EXPECT_EQ(defined().raw({0x49, 0}).varint(zigzag(-3)).error(), "none");
    EXPECT_EQ(defined().raw({0x49, 0}).varint(zigzag(-4)).error(), at(2, "the line of an event is out of range"));
    EXPECT_EQ(defined().raw({0x49, 0}).varint(zigzag(INT32_MAX - 3)).error(), "none");
    EXPECT_EQ(defined().raw({0x49, 0}).varint(zigzag(INT32_MAX - 2)).error(),
              at(2, "the line of an event is out of range"));
    EXPECT_EQ(defined().raw({0x49, 0}).varint(UINT64_MAX).error(), at(2, "the line of an event is out of range"));
    EXPECT_EQ(defined().raw({0x69, 0, 0}).error(), at(0, "a call, line or resume event with a payload"));
    EXPECT_EQ(defined().raw({0x4b, 0, 0}).error(), at(0, "a yield or exception event without a payload"));
    EXPECT_EQ(defined().raw({0x4d, 0, 0}).error(), at(0, "a yield or exception event without a payload"));
    EXPECT_EQ(defined().raw({0x6d, 0, 0, 1}).error(), at(3, "the type of an exception is 1 where 1 are defined"));
    EXPECT_EQ(defined().raw({0x6d, 0, 0, 0, 1}).error(),
              at(4, "the message of an exception claims 1 bytes where 0 are left"));
    EXPECT_EQ(defined().raw({0x6d, 0, 0, 0, 0}).error(), at(5, "the bytes end inside the exception of an event"));
}

TEST(HostileRecord, Changes) {
    EXPECT_EQ(defined().raw({0x59, 0, 0, 0}).error(), "none");
    EXPECT_EQ(defined().raw({0x59, 0, 0, 1, 0, 0}).error(), "none");
    EXPECT_EQ(defined().raw({0x59, 0, 0, 1, 1, 0}).error(), at(4, "the name of a change is 1 where 1 are defined"));
    EXPECT_EQ(defined().raw({0x59, 0, 0}).varint(UINT64_MAX).raw({0, 0}).error(),
              at(15, "the bytes end inside the name of a change"));
    EXPECT_EQ(defined().raw({0x59, 0, 0, 1, 0, 4}).error(),
              at(5, "the value of a change is value 1 where 1 are defined"));
    EXPECT_EQ(defined().raw({0x59, 0, 0, 1, 0, 6}).error(),
              at(5, "the value of a change is a float with other bits set"));
    EXPECT_EQ(defined().raw({0x59, 0, 0, 1, 0, 2, 0}).error(), at(6, "the bytes end inside the value of a change"));
    EXPECT_EQ(defined().raw({0x59, 0, 0, 1, 0, 15}).error(), "none");
    EXPECT_EQ(defined().raw({0x59, 0, 0, 1, 0, 19}).error(),
              at(5, "the value of a change is a constant without meaning"));
}

TEST(HostileRecord, OutputsAndElisions) {
    EXPECT_EQ(defined().raw({0x10, 3, 0}).error(), at(1, "output stream 3 has no meaning"));
    EXPECT_EQ(defined().raw({0x14, 0, 0}).error(), at(1, "output stream 0 has no meaning"));
    EXPECT_EQ(defined().raw({0x14, 1, 2, 0xff}).error(),
              at(2, "the content of a stream claims 2 bytes where 1 are left"));
    EXPECT_EQ(defined().raw({0x14, 1, 1, 0xff}).error(), "none");
    EXPECT_EQ(defined().raw({0x10, 1, 2, 0xed}).error(),
              at(2, "the text of an output claims 2 bytes where 1 are left"));
    EXPECT_EQ(defined().raw({0x11, 0, 4, 1, 1, 9}).error(), "none");
    EXPECT_EQ(defined().raw({0x11, 1, 4, 1, 1, 9}).error(), at(1, "the frame of an elision is 1 where 1 are defined"));
    EXPECT_EQ(defined().raw({0x11, 0}).varint(UINT64_MAX).error(), at(2, "the line of an elision is out of range"));
    EXPECT_EQ(defined().raw({0x11, 0, 4, 0, 1, 9}).error(), at(3, "the first iteration of an elision is 0"));
    EXPECT_EQ(defined().raw({0x11, 0, 4, 1, 0, 9}).error(), at(4, "an elision of no iteration"));
    EXPECT_EQ(defined().raw({0x11, 0, 4, 1}).varint(UINT64_MAX).raw({9}).error(), "none");
    EXPECT_EQ(defined().raw({0x11, 0, 4, 2}).varint(UINT64_MAX).raw({9}).error(),
              at(4, "the last iteration of an elision has more than 64 bits"));
}

TEST(HostileRecord, Outcomes) {
    EXPECT_EQ(defined().raw({0x12, 0, 0, 1, 2, 3, 4, 5, 6}).error(), "none");
    EXPECT_EQ(defined().raw({0x12, 10, 0, 1, 2, 3, 4, 5, 6}).error(), at(1, "status 10 has no meaning"));
    EXPECT_EQ(defined().raw({0x12, 0, 0x08, 1, 2, 3, 4, 5, 6}).error(), at(2, "outcome flags 0x08 have no meaning"));
    EXPECT_EQ(defined().raw({0x12, 0, 1, 4}).error(), at(3, "the result is value 1 where 1 are defined"));
    EXPECT_EQ(defined().raw({0x12, 0, 2, 1}).error(), at(3, "the type of an exception is 1 where 1 are defined"));
    EXPECT_EQ(defined().raw({0x12, 0, 2, 0, 0}).varint(uint64_t{1} << 31).error(),
              at(5, "the line of an exception is out of range"));
    EXPECT_EQ(defined().raw({0x12, 0, 4, 1}).error(), at(3, "the detail claims 1 bytes where 0 are left"));
    EXPECT_EQ(defined().raw({0x12, 0, 0, 1, 2, 3, 4, 5}).error(), at(8, "the bytes end inside a count of the outcome"));
    EXPECT_EQ(defined().raw({0x12, 0, 0, 1, 2, 3, 4, 5, 6}).raw({0x10, 1, 0}).error(),
              at(9, "operation 0x10 behind the outcome"));
}

TEST(HostileRecord, Threads) {
    EXPECT_EQ(header().raw({0x13}).error(), "8: the bytes end inside the number of a thread");
    EXPECT_EQ(header().raw({0x13}).varint(uint64_t{1} << 31).error(), "8: the number of a thread is out of range");
    EXPECT_EQ(header().raw({0x13}).varint((uint64_t{1} << 31) - 1).raw({0x13, 0, 0x13, 0}).error(), "none");
}

TEST(HostileRecord, WhatComesBeforeTheErrorIsPrinted) {
    const std::vector<uint8_t> bytes = {'T', 'M', 'R', 'C', 2, 12, 0, 0x10, 1, 1, 'a', 0x3e};
    EXPECT_EQ(test::dump_text(bytes), "record 2 python 3.12\noutput stdout \"a\"\nbyte 11: tag 0x3e has no meaning");
}

}  // namespace
}  // namespace tracemill::format
