// A timeline that keeps the first and the last iteration of loops, with one frame and the record that it writes.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "loops/deferred_values.h"
#include "loops/timeline.h"

namespace tracemill::loops {

class TimelineOfOneFrame : public ::testing::Test {
  protected:
    TimelineOfOneFrame() {
        writer_.begin(11, format::kRecordLoopsSkipped);
        frame_->code_id = writer_.code("f", 1, 0);
    }

    std::vector<uint8_t> arena_ = std::vector<uint8_t>(1 << 20);
    uint64_t committed_ = 0;
    format::RecordWriter writer_{arena_.data(), arena_.size(), &committed_};
    DeferredValues values_{writer_};
    Timeline timeline_{writer_, values_, Limits{1, 1, 0}};
    Shared<Frame> frame_{new Frame()};
    Shared<Context> outside_;
};

}  // namespace tracemill::loops
