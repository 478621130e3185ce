#include "mutation.h"

#include <gtest/gtest.h>

#include "format/append_outcome.h"
#include "format/reader.h"
#include "format/writer.h"
#include "generated_record.h"

namespace tracemill::test {
namespace {

constexpr uint32_t kRecords = 10;
constexpr uint32_t kMutantsPerRecord = 10000;

TEST(Mutation, OfNothingButItsSeedAndNumber) {
    const std::vector<uint8_t> record = {'T', 'M', 'R', 'C', 1, 12, 0};
    EXPECT_EQ(mutant(record, 1, 2), mutant(record, 1, 2));
    EXPECT_EQ(dump_digest(record), 0xd5b8ef6bu);
}

TEST(Mutation, NeitherCrashesNorBlocksTheReader) {
    uint32_t accepted = 0;
    for (uint32_t seed = 0; seed < kRecords; ++seed) {
        Arena arena;
        generate(arena, seed);
        for (uint32_t i = 0; i < kMutantsPerRecord; ++i) {
            // Exactly as large as it is, so that the sanitizer sees a read past the end.
            const std::vector<uint8_t> bytes = mutant(arena.record(), seed, i);
            if (dump_digest(bytes)) ++accepted;
        }
    }
    // Both outcomes must be exercised.
    EXPECT_GT(accepted, kRecords * kMutantsPerRecord / 100);
    EXPECT_LT(accepted, kRecords * kMutantsPerRecord / 2);
}

// Whatever a dying program left in shared memory, its supervisor can finish it.
TEST(Mutation, LeavesARecordThatCanBeFinished) {
    format::Outcome outcome;
    outcome.status = format::Status::kCrash;
    outcome.detail = "signal 11";
    for (uint32_t i = 0; i < kMutantsPerRecord; ++i) {
        Arena arena;
        generate(arena, i % kRecords);
        std::vector<uint8_t> bytes = mutant(arena.record(), 99, i);
        uint64_t committed = bytes.size();
        format::RecordReader before(bytes);
        while (before.next()) {}
        const bool finished = before.has_outcome() && before.error() == nullptr;
        bytes.resize(bytes.size() + format::kOutcomeReserve);
        const bool appended = format::append_outcome(bytes.data(), bytes.size(), &committed, outcome, 12);
        ASSERT_EQ(appended, !finished) << "mutant " << i;
        format::RecordReader after(std::span<const uint8_t>(bytes).first(committed));
        while (after.next()) {}
        if (!finished) {
            ASSERT_EQ(after.error(), nullptr) << "mutant " << i << ": " << after.error()->message;
            ASSERT_EQ(after.outcome().status, format::Status::kCrash);
        }
    }
}

}  // namespace
}  // namespace tracemill::test
