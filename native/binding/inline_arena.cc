#include "binding/inline_arena.h"

#include <sys/mman.h>

namespace tracemill::binding {

namespace {

constexpr uint64_t kKeptBytes = uint64_t{4} << 20;  // a multiple of every page size

}  // namespace

InlineArena::~InlineArena() {
    if (base_ != nullptr) munmap(base_, capacity_);
}

bool InlineArena::reserve(uint64_t capacity) {
    if (capacity == capacity_) return true;
    if (base_ != nullptr) munmap(base_, capacity_);
    base_ = nullptr;
    capacity_ = 0;
    void* memory = mmap(nullptr, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return false;
    base_ = static_cast<uint8_t*>(memory);
    capacity_ = capacity;
    return true;
}

void InlineArena::release(uint64_t used) {
    if (used > kKeptBytes) madvise(base_ + kKeptBytes, capacity_ - kKeptBytes, MADV_DONTNEED);
}

}  // namespace tracemill::binding
