#include "format/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace tracemill::format {
namespace {

TEST(Utf8, AcceptsEveryCodePointWithSurrogates) {
    for (uint32_t point = 0; point <= 0x10ffff; ++point) {
        std::string text;
        const auto add = [&](uint32_t byte) { text += static_cast<char>(byte); };
        if (point < 0x80) {
            add(point);
        } else if (point < 0x800) {
            add(0xc0 | point >> 6);
        } else if (point < 0x10000) {
            add(0xe0 | point >> 12);
            add(0x80 | (point >> 6 & 0x3f));
        } else {
            add(0xf0 | point >> 18);
            add(0x80 | (point >> 12 & 0x3f));
            add(0x80 | (point >> 6 & 0x3f));
        }
        if (point >= 0x80) add(0x80 | (point & 0x3f));
        ASSERT_EQ(utf8_valid_size(text), text.size()) << point;
        ASSERT_EQ(utf8_cut(text, text.size() - 1).size(), 0u) << point;
    }
}

TEST(Utf8, FindsTheFirstByteThatIsWrong) {
    for (const char* bad :
         {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc3", "\xc3\x28", "\xe0\x9f\xbf", "\xe2\x82", "\xe2\x28\xa1",
          "\xf0\x8f\xbf\xbf", "\xf0\x9f\x98", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
        EXPECT_EQ(utf8_valid_size(bad), 0u);
        EXPECT_EQ(utf8_valid_size(std::string("plain text of some length \xc3\xa4") + bad), 28u);
    }
}

TEST(Utf8, CutsBeforeTheCodePointThatDoesNotFit) {
    EXPECT_EQ(utf8_cut("abc", 5), "abc");
    EXPECT_EQ(utf8_cut("abc", 2), "ab");
    EXPECT_EQ(utf8_cut("a\xe2\x82\xac", 3), "a");
    EXPECT_EQ(utf8_cut("a\xe2\x82\xacz", 4), "a\xe2\x82\xac");
    EXPECT_EQ(utf8_cut("\xf0\x9f\x98\x80", 0), "");
}

}  // namespace
}  // namespace tracemill::format
