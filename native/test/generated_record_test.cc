#include "generated_record.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "format/reader.h"
#include "format/record.h"

namespace tracemill::test {
namespace {

TEST(GeneratedRecord, DumpsAsWhatWasWritten) {
    for (uint32_t seed = 0; seed < 2000; ++seed) {
        Arena arena;
        const std::string expected = generate(arena, seed);
        ASSERT_EQ(dump_text(arena.record()), expected) << "seed " << seed;
    }
}

TEST(GeneratedRecord, IsTheSameBytesWhereverItIsWritten) {
    for (uint32_t seed = 0; seed < 50; ++seed) {
        Arena one;
        Arena other(3 << 20);
        generate(one, seed);
        generate(other, seed);
        ASSERT_TRUE(std::ranges::equal(one.record(), other.record())) << "seed " << seed;
    }
}

// A record may be cut after any operation, and nowhere else.
TEST(GeneratedRecord, IsReadableUpToEveryOperation) {
    for (uint32_t seed = 0; seed < 20; ++seed) {
        Arena arena;
        generate(arena, seed);
        std::vector<bool> boundary(arena.committed + 1);
        format::RecordReader reader(arena.record());
        boundary[reader.offset()] = true;
        while (reader.next()) boundary[reader.offset()] = true;
        for (size_t size = 0; size <= arena.committed; ++size) {
            format::RecordReader cut(arena.record().first(size));
            while (cut.next()) {
            }
            ASSERT_EQ(cut.error() == nullptr, boundary[size]) << "seed " << seed << " cut to " << size;
            ASSERT_EQ(cut.offset(), cut.error() == nullptr ? size : cut.offset());
        }
    }
}

}  // namespace
}  // namespace tracemill::test
