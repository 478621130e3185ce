#include "host/showing.h"

#include <gtest/gtest.h>

namespace tracemill::host {
namespace {

constexpr uint64_t kMs = 1'000'000;

TEST(Showing, ComesEveryTwoMillisecondsWhileThereIsMuchToShow) {
    Showing showing;
    showing.batch_started(5 * kMs, 1'000);
    EXPECT_EQ(showing.at(), 7 * kMs);
    EXPECT_TRUE(showing.worth_it(7 * kMs, 30, 30));
    EXPECT_EQ(showing.at(), 9 * kMs);
}

TEST(Showing, ComesMoreOftenTowardsTheEnd) {
    Showing showing;
    showing.batch_started(0, 100);
    EXPECT_TRUE(showing.worth_it(8 * kMs, 80, 20));
    EXPECT_EQ(showing.at(), 9 * kMs);
    EXPECT_TRUE(showing.worth_it(9 * kMs, 90, 10));
    EXPECT_EQ(showing.at(), 9 * kMs + kMs / 2);
    // One more is worth it now.
    EXPECT_TRUE(showing.worth_it(9 * kMs + 900'000, 99, 1));
    EXPECT_EQ(showing.at(), 9 * kMs + 900'000 + 250'000);
}

TEST(Showing, WaitsLongerAndLongerForSlowPrograms) {
    Showing showing;
    showing.batch_started(0, 1'000);
    uint64_t now = 0;
    for (uint64_t waited : {4, 8, 16, 32, 64, 64}) {
        now = showing.at();
        EXPECT_FALSE(showing.worth_it(now, 1, 1));
        EXPECT_EQ(showing.at(), now + waited * kMs);
    }
    EXPECT_TRUE(showing.worth_it(showing.at(), 9, 8));
}

TEST(Showing, HasNothingToShowTwice) {
    Showing showing;
    showing.batch_started(0, 10);
    EXPECT_FALSE(showing.worth_it(2 * kMs, 10, 0));
    EXPECT_FALSE(showing.worth_it(2 * kMs, 0, 0));
}

}  // namespace
}  // namespace tracemill::host
