#include "host/redo.h"

#include <gtest/gtest.h>

namespace tracemill::host {
namespace {

const std::vector<uint8_t> kRecord{1, 2, 3};

TEST(Redo, IsNotNeededAtFirst) {
    Redo redo;
    EXPECT_FALSE(redo.active(0));
    EXPECT_TRUE(redo.take_held(0).empty());
}

TEST(Redo, RunsItemsTogetherUpToTheEnd) {
    Redo redo;
    redo.need(7, false);
    EXPECT_TRUE(redo.active(3));
    EXPECT_EQ(redo.end(3), 7u);
    EXPECT_FALSE(redo.active(7));
}

TEST(Redo, RunsItemsOneByOneWhenOneIsKnownToLeaveTraces) {
    Redo redo;
    redo.need(7, true);
    EXPECT_EQ(redo.end(3), 4u);
    EXPECT_TRUE(redo.active(6));
}

TEST(Redo, RunsItemsOneByOneWhenTogetherFailed) {
    Redo redo;
    redo.need(7, false);
    redo.need(5, false);
    EXPECT_EQ(redo.end(3), 4u);
    EXPECT_TRUE(redo.active(6));
    EXPECT_FALSE(redo.active(7));
}

TEST(Redo, StartsTogetherAgainAfterItsEnd) {
    Redo redo;
    redo.need(7, true);
    EXPECT_FALSE(redo.active(7));
    redo.need(20, false);
    EXPECT_EQ(redo.end(10), 20u);
}

TEST(Redo, GivesAHeldRecordWhenAllBeforeItRanAgain) {
    Redo redo;
    redo.hold(kRecord);
    redo.need(7, false);
    EXPECT_TRUE(redo.active(5));
    EXPECT_TRUE(redo.take_held(5).empty());
    EXPECT_FALSE(redo.active(7));
    EXPECT_EQ(redo.take_held(7), kRecord);
    EXPECT_TRUE(redo.take_held(7).empty());
}

TEST(Redo, ForgetsAHeldRecordWhenItemsBeforeItLeftTraces) {
    Redo redo;
    redo.hold(kRecord);
    redo.need(7, false);
    redo.need(6, true);
    EXPECT_FALSE(redo.active(7));
    EXPECT_TRUE(redo.take_held(7).empty());
}

}  // namespace
}  // namespace tracemill::host
