// Memory that no snapshot covers: what restores a snapshot keeps its own notes here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <sys/mman.h>

namespace tracemill::host {

class SideMemory {
  public:
    SideMemory() = default;
    ~SideMemory() {
        if (!memory_.empty()) munmap(memory_.data(), memory_.size());
    }
    SideMemory(const SideMemory&) = delete;
    SideMemory& operator=(const SideMemory&) = delete;

    // Once; false with errno set. Only pages that are written cost memory.
    bool reserve(size_t bytes) {
        constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
        void* base = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, kFlags, -1, 0);
        if (base == MAP_FAILED) return false;
        memory_ = {static_cast<uint8_t*>(base), bytes};
        return true;
    }

    // Zeroed, for good, and on pages of its own; empty when there is no room.
    template <typename T>
    std::span<T> take(size_t count) {
        const size_t bytes = (count * sizeof(T) + kPage - 1) & ~(kPage - 1);
        if (count > memory_.size() / sizeof(T) || bytes > memory_.size() - taken_) return {};
        T* first = reinterpret_cast<T*>(memory_.data() + taken_);
        taken_ += bytes;
        return {first, count};
    }

    bool holds(uintptr_t address) const {
        const uintptr_t begin = reinterpret_cast<uintptr_t>(memory_.data());
        return address >= begin && address - begin < memory_.size();
    }

    static constexpr size_t kPage = 4096;

  private:
    std::span<uint8_t> memory_;
    size_t taken_ = 0;
};

}  // namespace tracemill::host
