// With loops skipped, events go to the record by way of a timeline, and values by way of a table.
#pragma once

#include "loops/deferred_values.h"
#include "loops/timeline.h"

namespace tracemill::trace {

struct SkippedLoops {
    SkippedLoops(format::RecordWriter& writer, const loops::Limits& limits)
        : values(writer), timeline(writer, values, limits) {}

    loops::DeferredValues values;
    loops::Timeline timeline;
};

}  // namespace tracemill::trace
