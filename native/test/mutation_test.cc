#include "mutation.h"

#include <gtest/gtest.h>

#include <iterator>
#include <string>

#include "format/append_outcome.h"
#include "format/reader.h"
#include "format/writer.h"
#include "generated_record.h"

namespace tracemill::test {
namespace {

constexpr uint32_t kRecords = 10;
constexpr uint32_t kMutantsPerRecord = 10000;

// Computed from the description in mutation.h by another program.
TEST(Mutation, FollowsItsDescription) {
    std::vector<uint8_t> record = {'T', 'M', 'R', 'C', 2, 12, 0};
    EXPECT_EQ(dump_digest(record), 0x9d66ea82u);
    for (uint8_t i = 0; i < 20; ++i) record.push_back(i);
    constexpr const char* kMutants[] = {
        "304d5243022e0000000203",
        "54125243020c00",
        "544d5243020c030405070c0405070c090a0b0c0d0e0f10111213",
        "544d520c00000102030405060701090a0b0c0d0e0f10111213",
        "f0544d5243020c00040001020304050607e2090a0b0c0d0e0f1011120a",
        "544d5243020c0000010203040506",
        "544d52c3020800000102030405060708090a0b0c0d0e0f10111213",
        "544d5243020c000001020304",
        "546b5243020c00090a0b0c0d05060708090a0b400d0e0f10111213",
    };
    for (uint32_t i = 0; i < std::size(kMutants); ++i) {
        std::string hexadecimal;
        for (const uint8_t byte : mutant(record, 1, i)) {
            for (const int digit : {byte >> 4, byte & 15}) hexadecimal += "0123456789abcdef"[digit];
        }
        EXPECT_EQ(hexadecimal, kMutants[i]) << "mutant " << i;
    }
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
        while (before.next()) {
        }
        const bool finished = before.has_outcome() && before.error() == nullptr;
        bytes.resize(bytes.size() + format::kOutcomeReserve);
        const bool appended = format::append_outcome(bytes.data(), bytes.size(), &committed, outcome, 12);
        ASSERT_EQ(appended, !finished) << "mutant " << i;
        format::RecordReader after(std::span<const uint8_t>(bytes).first(committed));
        while (after.next()) {
        }
        if (!finished) {
            ASSERT_EQ(after.error(), nullptr) << "mutant " << i << ": " << after.error()->message;
            ASSERT_EQ(after.outcome().status, format::Status::kCrash);
        }
    }
}

}  // namespace
}  // namespace tracemill::test
