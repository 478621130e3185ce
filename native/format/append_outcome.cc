#include "append_outcome.h"

#include <algorithm>
#include <atomic>
#include <span>

#include "encode.h"
#include "outcome_writer.h"
#include "reader.h"
#include "stream_match.h"
#include "writer.h"

namespace tracemill::format {

namespace {

// In front of the reserve, as a writer would.
void append_stream(RecordEnd& end, Stream stream, std::string_view bytes) noexcept {
    const uint64_t taken = end.position + kMaxStreamOverhead + kOutcomeReserve;
    if (end.capacity < taken) return;
    bytes = bytes.substr(0, std::min<uint64_t>(bytes.size(), end.capacity - taken));
    end.position =
        static_cast<uint64_t>(put_stream(end.base + end.position, Tag::kStreamBytes, stream, bytes) - end.base);
}

class StreamEnds {
  public:
    explicit StreamEnds(const ReachedStreams* streams)
        : reached_(streams), output_(streams ? streams->standard_output : std::string_view()),
          error_(streams ? streams->standard_error : std::string_view()) {}

    void output(const OutputView& output) { (output.stream == Stream::kStdout ? output_ : error_).output(output.text); }
    void append(RecordEnd& end) const {
        if (!reached_) return;
        if (output_.needs_bytes(reached_->stopped)) append_stream(end, Stream::kStdout, reached_->standard_output);
        if (error_.needs_bytes(reached_->stopped)) append_stream(end, Stream::kStderr, reached_->standard_error);
    }

  private:
    const ReachedStreams* reached_;
    StreamMatch output_;
    StreamMatch error_;
};

}  // namespace

bool append_outcome(uint8_t* base, uint64_t capacity, uint64_t* committed, const Outcome& outcome, uint8_t python_minor,
                    uint8_t flags, const ReachedStreams* streams) {
    const std::atomic_ref<uint64_t> published(*committed);
    const uint64_t size = std::min(published.load(std::memory_order_acquire), capacity);
    RecordEnd end{base, capacity, 0, 0, 0};

    RecordReader reader(std::span<const uint8_t>(base, static_cast<size_t>(size)));
    if (reader.error() != nullptr) {
        if (capacity < kRecordHeaderSize) return false;
        uint8_t before[kRecordHeaderSize];
        std::memcpy(before, base, sizeof before);
        put_header(base, python_minor, flags);
        end.position = kRecordHeaderSize;
        StreamEnds(streams).append(end);
        if (!write_outcome(end, outcome)) {
            std::memcpy(base, before, sizeof before);
            return false;
        }
        published.store(end.position, std::memory_order_release);
        return true;
    }

    // A writer leaves the reserve free for the outcome; bytes that reach into it are not a writer's.
    const uint64_t limit = capacity > kOutcomeReserve ? capacity - kOutcomeReserve : uint64_t{kRecordHeaderSize};
    end.position = reader.offset();
    StreamEnds ends(streams);
    while (const std::optional<OperationKind> kind = reader.next()) {
        if (reader.has_outcome() || reader.offset() > limit) continue;
        end.position = reader.offset();
        end.types = static_cast<uint32_t>(reader.types().size());
        end.values = static_cast<uint32_t>(reader.values().size());
        if (kind == OperationKind::kOutput) ends.output(reader.output());
    }
    // An outcome with anything behind it is not a writer's either.
    if (reader.has_outcome() && reader.error() == nullptr) return false;
    ends.append(end);
    if (!write_outcome(end, outcome)) return false;
    published.store(end.position, std::memory_order_release);
    return true;
}

}  // namespace tracemill::format
