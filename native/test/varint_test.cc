#include "format/varint.h"

#include <gtest/gtest.h>

#include <vector>

namespace tracemill::format {
namespace {

std::vector<uint8_t> encoded(uint64_t value) {
    uint8_t bytes[kMaxVarintSize];
    return {bytes, put_varint(bytes, value)};
}

VarintError decode(const std::vector<uint8_t>& bytes, uint64_t& value) {
    const uint8_t* at = bytes.data();
    const VarintError error = get_varint(at, bytes.data() + bytes.size(), value);
    EXPECT_EQ(at, error == VarintError::kNone ? bytes.data() + bytes.size() : bytes.data());
    return error;
}

TEST(Varint, EncodesLittleEndianGroupsOfSeven) {
    EXPECT_EQ(encoded(0), (std::vector<uint8_t>{0x00}));
    EXPECT_EQ(encoded(127), (std::vector<uint8_t>{0x7f}));
    EXPECT_EQ(encoded(128), (std::vector<uint8_t>{0x80, 0x01}));
    EXPECT_EQ(encoded(300), (std::vector<uint8_t>{0xac, 0x02}));
    EXPECT_EQ(encoded(UINT64_MAX), (std::vector<uint8_t>{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}));
}

TEST(Varint, ComesBackAtEveryWidth) {
    for (unsigned bits = 0; bits < 64; ++bits) {
        for (const uint64_t value : {uint64_t{1} << bits, (uint64_t{1} << bits) - 1, ~uint64_t{0} >> bits}) {
            uint64_t back = ~value;
            EXPECT_EQ(decode(encoded(value), back), VarintError::kNone);
            EXPECT_EQ(back, value);
        }
    }
}

TEST(Varint, AcceptsPaddingUpToTenBytes) {
    uint64_t value = 0;
    EXPECT_EQ(decode({0x85, 0x80, 0x00}, value), VarintError::kNone);
    EXPECT_EQ(value, 5u);
    EXPECT_EQ(decode({0x85, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00}, value), VarintError::kNone);
    EXPECT_EQ(value, 5u);
}

TEST(Varint, RejectsMoreThan64Bits) {
    uint64_t value = 0;
    EXPECT_EQ(decode({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02}, value), VarintError::kTooLong);
    EXPECT_EQ(decode({0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00}, value), VarintError::kTooLong);
}

TEST(Varint, RejectsBytesThatEnd) {
    uint64_t value = 0;
    EXPECT_EQ(decode({}, value), VarintError::kTruncated);
    EXPECT_EQ(decode({0x80, 0x80}, value), VarintError::kTruncated);
}

TEST(Zigzag, KeepsSmallNumbersSmallAndComesBack) {
    EXPECT_EQ(zigzag(0), 0u);
    EXPECT_EQ(zigzag(-1), 1u);
    EXPECT_EQ(zigzag(1), 2u);
    for (const int64_t value : {int64_t{0}, int64_t{-1}, int64_t{1}, INT64_MAX, INT64_MIN, int64_t{-12345678901}}) {
        EXPECT_EQ(unzigzag(zigzag(value)), value);
    }
}

}  // namespace
}  // namespace tracemill::format
