#include "host/record_store.h"

#include "host/shared_area.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <sys/mman.h>

namespace tracemill::host {

RecordStore::RecordStore(uint64_t record_bytes) : record_bytes_(record_bytes) {
    // What waited when the executor went on, what it records until it pauses, its last record, and one that it left.
    const uint64_t size = kResidentBytes + 2 * record_bytes;
    void* base = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED || madvise(base, size, MADV_DONTFORK) != 0)
        throw std::runtime_error("cannot map " + std::to_string(size) + " bytes for records: " + strerror(errno));
    memory_ = {static_cast<uint8_t*>(base), size};
}

RecordStore::~RecordStore() { munmap(memory_.data(), memory_.size()); }

std::span<const uint8_t> RecordStore::record(uint32_t item) const {
    return memory_.subspan(records_[item].offset, records_[item].size);
}

void RecordStore::add(std::span<const uint8_t> record, wire::Tier tier) {
    const std::span<uint8_t> into = room();
    const uint64_t size = std::min(record.size(), into.size());
    memcpy(into.data(), record.data(), size);
    take(size, tier);
}

std::span<uint8_t> RecordStore::room() { return memory_.subspan(end_, std::min(record_bytes_, memory_.size() - end_)); }

void RecordStore::take(uint64_t size, wire::Tier tier) {
    records_.push_back({end_, size, tier});
    end_ += size;
}

void RecordStore::free() {
    if (end_ > kResidentBytes) madvise(memory_.data() + kResidentBytes, end_ - kResidentBytes, MADV_DONTNEED);
    end_ = 0;
}

void RecordStore::start_batch() {
    free();
    records_.clear();
}

}  // namespace tracemill::host
