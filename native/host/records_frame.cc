#include "host/records_frame.h"

#include "format/varint.h"

#include <span>
#include <vector>

namespace tracemill::host {

namespace {

// Small records share a frame up to this size.
constexpr uint64_t kMostFrameBytes = 64u << 20;

}  // namespace

uint32_t end_of_frame(const RecordStore& records, uint32_t first) {
    uint32_t end = first;
    uint64_t bytes = 0;
    while (end < records.count() && (end == first || bytes + records.record(end).size() <= kMostFrameBytes))
        bytes += records.record(end++).size();
    return end;
}

bool write_records(FrameWriter& writer, const RecordStore& records, const RecordsFrame& frame) {
    std::vector<uint8_t> head;
    append_varint(head, frame.sequence);
    append_varint(head, frame.first);
    append_varint(head, frame.end - frame.first);
    std::vector<uint8_t> sizes;
    // Pointed into, so it must not move.
    sizes.reserve((frame.end - frame.first) * (1 + format::kMaxVarintSize));
    std::vector<iovec> parts{{head.data(), head.size()}};
    for (uint32_t item = frame.first; item < frame.end; item++) {
        const std::span<const uint8_t> record = records.record(item);
        const size_t at = sizes.size();
        sizes.push_back(static_cast<uint8_t>(records.tier(item)));
        append_varint(sizes, record.size());
        parts.push_back({sizes.data() + at, sizes.size() - at});
        parts.push_back({const_cast<uint8_t*>(record.data()), record.size()});
    }
    return writer.write(FrameType::kRecords, parts);
}

}  // namespace tracemill::host
