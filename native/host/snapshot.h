// Puts the memory of this process back: all that is private and writable, but the stack. A program that ran in between
// leaves nothing in it, neither in Python's objects nor in those of C libraries. What the kernel keeps for the process
// is kernel_state.h.
//
// The kernel notes which pages are written (userfaultfd, asynchronous write protection: Linux 6.7), so that those alone
// are copied back; and nothing that is mapped at the snapshot can be unmapped or changed afterwards (mseal:
// Linux 6.10), so that an equal sum of all mappings says that there are no others. Both hold against everything but
// native code in the hands of a program, which is kept out of processes with a snapshot (SECURITY.md).
#pragma once

#include "host/address_space.h"
#include "host/pagemap_scan.h"
#include "host/side_memory.h"

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tracemill::host {

class Snapshot {
  public:
    Snapshot() = default;
    ~Snapshot();
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

    // In the process it is for, before files are out of reach and address space is bounded. Empty or the reason why
    // this cannot be.
    std::string open();

    // Most of a copy is the same for all processes that are forked from one. The one that forks opens a snapshot and
    // keeps the copy, so that a child copies only what differs. These four go together.
    bool keep();
    // Before the fork; `lend` false: the child takes no snapshot.
    void refresh(bool lend);
    // After it, at once, in the parent: what was written meanwhile.
    void tell();
    // In the child, instead of open().
    std::string adopt();

    // What must stay open.
    std::vector<int> descriptors() const;

    // Last but for the system call filter, with one thread. From here on no mapping that is there may be unmapped, and
    // memory that is allocated until restore() is gone after it. Empty or the reason.
    std::string take();
    bool taken() const { return taken_; }

    // The one ioctl() that restore() makes: of this descriptor, with this argument.
    int scanned_file() const { return pagemap_; }
    uintptr_t scan_argument() const { return reinterpret_cast<uintptr_t>(argument_.data()); }

    // Memory is as it was when take() returned, on the caller's stack excepted. False: address space is not.
    bool restore();

    // For tests and measurements.
    uint64_t pages_to_copy() const { return pages_to_copy_; }

  private:
    static constexpr size_t kMostRegions = 2048;
    static constexpr uint32_t kUnknown = UINT32_MAX;

    // Of what is put back.
    struct Range {
        uintptr_t begin;
        uintptr_t end;
        uint8_t* aside;  // its copy
        bool kept;       // by the parent
    };
    // What the parent tells, in memory that both have.
    struct Told {
        std::atomic<uint32_t> done;
        uint32_t count;  // kUnknown: too many
        PageRegion regions[kMostRegions];
    };
    // Pages that were written.
    struct Run {
        uintptr_t begin;
        size_t bytes;
        const uint8_t* aside;  // null: not there at the snapshot, so zero
    };

    std::string open_files();
    bool reserve();
    std::string register_memory();
    const Range* kept_range(const Mapping& mapping) const;
    bool await_parent() const;
    bool seal() const;
    bool add_range(const Mapping& mapping);
    bool copy_all();
    void copy_aside(uintptr_t begin, uintptr_t end, const Range& range);
    // Those of these pages that no other process has.
    bool copy_own(uintptr_t begin, uintptr_t end, const Range& range);
    void copy_told();
    // Calls `visit` with each region that has all of `all_of` and one of `any_of`.
    template <typename Visit>
    bool scan(uint64_t all_of, uint64_t any_of, Visit visit);
    bool protect();
    bool list_written();
    void list(uintptr_t begin, uintptr_t end, const Range& range);
    void copy_back();
    bool restore_address_space();
    // Unmaps what was not there. Answers whether the list of mappings could be read.
    bool unmap_new();

    bool was_present(const uint8_t* aside) const;

    SideMemory side_;
    AddressSpace space_;
    int events_ = -1;  // of userfaultfd
    int pagemap_ = -1;
    std::span<ScanArgument> argument_;
    std::span<PageRegion> regions_;
    std::span<Mapping> mappings_;  // all that there were
    std::span<Range> ranges_;
    std::span<Range> kept_ranges_;  // of the parent
    std::span<uint64_t> page_entries_;
    std::span<Run> runs_;
    std::span<uint8_t> aside_;
    std::span<uint8_t> present_;  // a byte for each page of aside_

    size_t mapping_count_ = 0;
    size_t range_count_ = 0;
    size_t kept_count_ = 0;
    Told* told_ = nullptr;
    size_t aside_used_ = 0;
    size_t run_count_ = 0;
    bool runs_overflow_ = false;
    uint64_t pages_to_copy_ = 0;
    uint64_t mapped_pages_ = 0;
    uintptr_t heap_end_ = 0;
    int64_t faults_ = -1;  // of the process when the list was made
    bool taken_ = false;
};

}  // namespace tracemill::host
