#include "interface/recording_time.h"

#include <gtest/gtest.h>

namespace tracemill::interface {
namespace {

constexpr uint64_t kSecond = 1'000'000'000;

TEST(RecordingTime, IsWhatWasMeasuredAndACallForEachEvent) {
    tm_progress progress{};
    progress.recording_ns = 5 * kSecond;
    progress.events = 1'000;
    EXPECT_EQ(recording_ns(progress, 100 * kSecond), 5 * kSecond + 1'000 * kCallNs);
}

TEST(RecordingTime, ALookThatGoesOnCountsFromItsBegin) {
    tm_progress progress{};
    progress.looking_since_ns = 90 * kSecond;
    EXPECT_EQ(recording_ns(progress, 100 * kSecond), 10 * kSecond);
    // Of a clock that is behind, or what a program wrote there.
    EXPECT_EQ(recording_ns(progress, 80 * kSecond), 0u);
}

TEST(RecordingTime, WhatAProgramWroteIntoTheFiguresDoesNotOverflow) {
    tm_progress progress{};
    progress.recording_ns = progress.events = UINT64_MAX;
    progress.looking_since_ns = 1;
    EXPECT_GT(recording_ns(progress, UINT64_MAX), uint64_t{1} << 60);
    EXPECT_TRUE(recorded_too_long(progress, UINT64_MAX, kSecond));
    EXPECT_EQ(extension_ns(progress, UINT64_MAX, kSecond), kSecond);
}

TEST(RecordingTime, ALimitOfWallTimeIsExtendedUpToTheBound) {
    tm_progress progress{};
    progress.recording_ns = 3 * kSecond;
    EXPECT_EQ(extension_ns(progress, 0, 10 * kSecond), 3 * kSecond);
    EXPECT_EQ(extension_ns(progress, 0, 2 * kSecond), 2 * kSecond);
    EXPECT_FALSE(recorded_too_long(progress, 0, 3 * kSecond + 1));
    EXPECT_TRUE(recorded_too_long(progress, 0, 3 * kSecond));
}

TEST(RecordingTime, ASlowLookIsSeenWhileItGoesOnAndAddedAfterwards) {
    tm_progress progress{};
    {
        const SlowLook look(progress, true);
        EXPECT_NE(progress.looking_since_ns, 0u);
        const uint64_t since = progress.looking_since_ns;
        const SlowLook within(progress, true);
        EXPECT_EQ(progress.looking_since_ns, since);
        while (clock_ns() == since) {
        }
    }
    EXPECT_EQ(progress.looking_since_ns, 0u);
    EXPECT_GT(progress.recording_ns, 0u);
}

TEST(RecordingTime, AQuickLookCostsNoClock) {
    tm_progress progress{};
    {
        const SlowLook look(progress, false);
        EXPECT_EQ(progress.looking_since_ns, 0u);
    }
    EXPECT_EQ(progress.recording_ns, 0u);
}

TEST(RecordingTime, ASampledEventStandsForTheOthersButNotWhatWasLookedAt) {
    tm_progress progress{};
    uint64_t least = 0;
    {
        const SampledEvent event(progress);
        const uint64_t began = clock_ns();
        while (clock_ns() - began < 1'000'000) {
        }
        least = 1'000'000 * kSampled;
        progress.recording_ns += 100;  // of a slow look within
    }
    EXPECT_GE(progress.recording_ns, least - 100 * kSampled);
    tm_progress all_looked{};
    {
        const SampledEvent event(all_looked);
        all_looked.recording_ns += 3600 * kSecond;
    }
    EXPECT_EQ(all_looked.recording_ns, 3600 * kSecond);
}

}  // namespace
}  // namespace tracemill::interface
