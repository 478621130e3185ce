// What the kernel's headers of older systems lack: asynchronous write protection (Linux 6.7) and sealed mappings
// (6.10).
#pragma once

#include <cstdint>
#include <linux/ioctl.h>
#include <linux/userfaultfd.h>

namespace tracemill::host {

inline constexpr uint64_t kWriteProtectAsync = uint64_t{1} << 15;  // UFFD_FEATURE_WP_ASYNC
inline constexpr int kUserModeOnly = 1;                            // UFFD_USER_MODE_ONLY
inline constexpr long kSealCall = 462;                             // SYS_mseal

// Categories of pages.
enum PageIs : uint64_t {
    kPageWpAllowed = 1 << 0,  // of a mapping whose writes are noted
    kPageWritten = 1 << 1,    // since it was protected
    kPagePresent = 1 << 3,
    kPageSwapped = 1 << 4,
};

inline constexpr uint64_t kScanProtect = 1 << 0;  // PM_SCAN_WP_MATCHING

// struct page_region
struct PageRegion {
    uint64_t begin;
    uint64_t end;
    uint64_t categories;
};

// struct pm_scan_arg
struct ScanArgument {
    uint64_t size = 0;
    uint64_t flags = 0;
    uint64_t begin = 0;
    uint64_t end = 0;
    uint64_t walk_end = 0;  // answered: how far the scan came
    uint64_t regions = 0;
    uint64_t regions_size = 0;
    uint64_t max_pages = 0;
    uint64_t inverted = 0;
    uint64_t all_of = 0;
    uint64_t any_of = 0;
    uint64_t told = 0;
};
inline constexpr unsigned long kScanRequest = _IOWR('f', 16, ScanArgument);  // PAGEMAP_SCAN

}  // namespace tracemill::host
