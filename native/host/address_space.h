// What is mapped in this process, as the kernel tells it. Needs no memory but what it is given, so that it can be asked
// while memory is put back.
#pragma once

#include "host/side_memory.h"

#include <cstdint>
#include <span>

namespace tracemill::host {

struct Mapping {
    enum class Kind : uint8_t {
        kOrdinary,
        kStack,   // of the main thread: it grows by itself
        kKernels  // nothing of the process's own
    };
    uintptr_t begin;
    uintptr_t end;
    bool writable;
    bool shared;
    bool has_file;
    Kind kind;
};

class AddressSpace {
  public:
    AddressSpace() = default;
    ~AddressSpace();
    AddressSpace(const AddressSpace&) = delete;
    AddressSpace& operator=(const AddressSpace&) = delete;

    static constexpr size_t kMostMappings = 16'384;
    static constexpr size_t kSideBytes = (1u << 20) + kMostMappings * sizeof(Mapping) + 2 * SideMemory::kPage;

    // Before files are out of reach; false with errno set. The two descriptors are of the caller's process from then
    // on.
    bool open();
    void move_descriptors(int (*move)(int));
    void close_files();
    bool use(SideMemory& side);

    // Pages of address space that are mapped; 0 = cannot be told.
    uint64_t pages() const;
    // In the order of their addresses, as many as fit; good until the next call. Empty = cannot be told.
    std::span<const Mapping> mappings();

    std::span<const int> descriptors() const { return files_; }

  private:
    int files_[2] = {-1, -1};  // of the list, and of its sum
    std::span<char> text_;
    std::span<Mapping> mappings_;
};

}  // namespace tracemill::host
