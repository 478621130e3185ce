// A kRecords frame (protocol.h).
#pragma once

#include "host/frames.h"
#include "host/record_store.h"

#include <cstdint>

namespace tracemill::host {

// One past the last of the records from `first` on that share a frame.
uint32_t end_of_frame(const RecordStore& records, uint32_t first);

struct RecordsFrame {
    uint64_t sequence;  // of the batch
    uint32_t first;
    uint32_t end;
};

// False when Node is gone.
bool write_records(FrameWriter& writer, const RecordStore& records, const RecordsFrame& frame);

}  // namespace tracemill::host
