#include "append_outcome.h"

#include <algorithm>
#include <atomic>
#include <span>

#include "encode.h"
#include "outcome_writer.h"
#include "reader.h"
#include "writer.h"

namespace tracemill::format {

bool append_outcome(uint8_t* base, uint64_t capacity, uint64_t* committed, const Outcome& outcome, uint8_t python_minor,
                    uint8_t flags) {
    const std::atomic_ref<uint64_t> published(*committed);
    const uint64_t size = std::min(published.load(std::memory_order_acquire), capacity);
    RecordEnd end{base, capacity, 0, 0, 0};

    RecordReader reader(std::span<const uint8_t>(base, static_cast<size_t>(size)));
    if (reader.error() != nullptr) {
        if (capacity < RECORD_HEADER_SIZE) return false;
        uint8_t before[RECORD_HEADER_SIZE];
        std::memcpy(before, base, sizeof before);
        put_header(base, python_minor, flags);
        end.position = RECORD_HEADER_SIZE;
        if (!write_outcome(end, outcome)) {
            std::memcpy(base, before, sizeof before);
            return false;
        }
        published.store(end.position, std::memory_order_release);
        return true;
    }

    // A writer leaves the reserve free for the outcome; bytes that reach into it are not a writer's.
    const uint64_t limit = capacity > kOutcomeReserve ? capacity - kOutcomeReserve : uint64_t{RECORD_HEADER_SIZE};
    end.position = reader.offset();
    while (reader.next()) {
        if (reader.has_outcome() || reader.offset() > limit) continue;
        end.position = reader.offset();
        end.types = static_cast<uint32_t>(reader.types().size());
        end.values = static_cast<uint32_t>(reader.values().size());
    }
    // An outcome with anything behind it is not a writer's either.
    if (reader.has_outcome() && reader.error() == nullptr) return false;
    if (!write_outcome(end, outcome)) return false;
    published.store(end.position, std::memory_order_release);
    return true;
}

}  // namespace tracemill::format
