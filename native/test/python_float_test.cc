#include "format/python_float.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include "mulberry32.h"

namespace tracemill::format {
namespace {

std::string repr(double value) {
    char text[kMaxFloatText];
    const size_t size = python_float_repr(value, text);
    EXPECT_LE(size, kMaxFloatText);
    return {text, size};
}

// What Python 3 prints for each.
TEST(PythonFloat, EqualsPython) {
    EXPECT_EQ(repr(0.0), "0.0");
    EXPECT_EQ(repr(-0.0), "-0.0");
    EXPECT_EQ(repr(1.0), "1.0");
    EXPECT_EQ(repr(-1.5), "-1.5");
    EXPECT_EQ(repr(0.1), "0.1");
    EXPECT_EQ(repr(0.1 + 0.2), "0.30000000000000004");
    EXPECT_EQ(repr(100.0), "100.0");
    EXPECT_EQ(repr(123456789.125), "123456789.125");
    EXPECT_EQ(repr(1e15), "1000000000000000.0");
    EXPECT_EQ(repr(9999999999999998.0), "9999999999999998.0");
    EXPECT_EQ(repr(1e16), "1e+16");
    EXPECT_EQ(repr(1.2345e16), "1.2345e+16");
    EXPECT_EQ(repr(1e22), "1e+22");
    EXPECT_EQ(repr(1e23), "1e+23");
    EXPECT_EQ(repr(1e100), "1e+100");
    EXPECT_EQ(repr(0.001), "0.001");
    EXPECT_EQ(repr(0.0001), "0.0001");
    EXPECT_EQ(repr(0.00012345), "0.00012345");
    EXPECT_EQ(repr(0.00001), "1e-05");
    EXPECT_EQ(repr(-1.5e-7), "-1.5e-07");
    EXPECT_EQ(repr(5e-324), "5e-324");
    EXPECT_EQ(repr(2.2250738585072014e-308), "2.2250738585072014e-308");
    EXPECT_EQ(repr(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
    EXPECT_EQ(repr(-std::numeric_limits<double>::max()), "-1.7976931348623157e+308");
    EXPECT_EQ(repr(INFINITY), "inf");
    EXPECT_EQ(repr(-INFINITY), "-inf");
    EXPECT_EQ(repr(NAN), "nan");
    EXPECT_EQ(repr(-NAN), "nan");
}

TEST(PythonFloat, ReadsBackAsTheSameNumber) {
    test::Mulberry32 random(7);
    for (int i = 0; i < 200000; ++i) {
        const double value = std::bit_cast<double>(uint64_t{random.next()} << 32 | random.next());
        if (!std::isfinite(value)) continue;
        const std::string text = repr(value);
        ASSERT_EQ(std::bit_cast<uint64_t>(std::strtod(text.c_str(), nullptr)), std::bit_cast<uint64_t>(value)) << text;
        ASSERT_NE(text.find_first_of(".e"), std::string::npos) << text;
    }
}

}  // namespace
}  // namespace tracemill::format
