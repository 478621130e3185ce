#include "host/sandbox_limits.h"

#include <cstdio>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

namespace tracemill::host {

namespace {

constexpr uint64_t kDescriptors = 64;
// Thread stacks, the allocator's reserves, mappings of files: address space that is no memory in use.
constexpr uint64_t kAddressSpaceSlack = uint64_t{2} << 30;

bool set_limit(int resource, uint64_t value) {
    rlimit current;
    if (getrlimit(static_cast<__rlimit_resource>(resource), &current) != 0) return false;
    rlim_t bound = current.rlim_max == RLIM_INFINITY || value < current.rlim_max ? value : current.rlim_max;
    rlimit wanted{bound, bound};
    return setrlimit(static_cast<__rlimit_resource>(resource), &wanted) == 0;
}

// Bytes of address space in use, 0 with errno set when /proc cannot be read.
uint64_t address_space_in_use() {
    FILE* statm = fopen("/proc/self/statm", "re");
    if (!statm) return 0;
    unsigned long long pages = 0;
    int fields = fscanf(statm, "%llu", &pages);
    fclose(statm);
    return fields == 1 ? pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

}  // namespace

bool limit_resources(uint64_t memory_bytes, uint64_t file_bytes) {
    uint64_t in_use = memory_bytes ? address_space_in_use() : 0;
    if (memory_bytes && !in_use) return false;
    if (!set_limit(RLIMIT_CORE, 0) || !set_limit(RLIMIT_FSIZE, file_bytes) || !set_limit(RLIMIT_MEMLOCK, 0))
        return false;
    if (!set_limit(RLIMIT_NOFILE, kDescriptors)) return false;
    if (memory_bytes && !set_limit(RLIMIT_AS, in_use + memory_bytes + kAddressSpaceSlack)) return false;
    // As the interpreter's own executable does: writes beyond a limit or to a closed pipe raise OSError.
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    return true;
}

}  // namespace tracemill::host
