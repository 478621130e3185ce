#include "host/sandbox.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tracemill::host {

namespace {

constexpr uint64_t DESCRIPTORS = 64;
// Thread stacks, the allocator's reserves, mappings of files: address space that is no memory in use.
constexpr uint64_t ADDRESS_SPACE_SLACK = uint64_t{1} << 30;

bool failed(const char* what, std::string& error) {
    error = std::string(what) + ": " + strerror(errno);
    return false;
}

bool set_limit(int resource, uint64_t value) {
    rlimit current;
    if (getrlimit(static_cast<__rlimit_resource>(resource), &current) != 0) return false;
    rlim_t bound = current.rlim_max == RLIM_INFINITY || value < current.rlim_max ? value : current.rlim_max;
    rlimit wanted{bound, bound};
    return setrlimit(static_cast<__rlimit_resource>(resource), &wanted) == 0;
}

// Bytes of address space in use, 0 when /proc cannot be read.
uint64_t address_space_in_use() {
    FILE* statm = fopen("/proc/self/statm", "re");
    if (!statm) return 0;
    unsigned long long pages = 0;
    int fields = fscanf(statm, "%llu", &pages);
    fclose(statm);
    return fields == 1 ? pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

bool close_descriptors(unsigned first, unsigned last) {
    if (first > last || syscall(SYS_close_range, first, last, 0) == 0) return true;
    if (errno != ENOSYS) return false;
    long open_max = sysconf(_SC_OPEN_MAX);
    for (long fd = first; fd <= static_cast<long>(last) && fd < open_max; fd++) close(static_cast<int>(fd));
    return true;
}

}  // namespace

bool detach_descriptors(int keep, std::string& error) {
    int null_device = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null_device < 0) return failed("open /dev/null", error);
    for (int fd = 0; fd < 3; fd++)
        if (dup2(null_device, fd) < 0) return failed("dup2", error);
    if (!close_descriptors(3, static_cast<unsigned>(keep) - 1) ||
        !close_descriptors(static_cast<unsigned>(keep) + 1, ~0u))
        return failed("close_range", error);
    return true;
}

bool enter_sandbox(uint64_t memory_bytes, std::string& error) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("PR_SET_NO_NEW_PRIVS", error);
    uint64_t in_use = memory_bytes ? address_space_in_use() : 0;
    if (memory_bytes && !in_use) return failed("/proc/self/statm", error);
    if (!set_limit(RLIMIT_CORE, 0) || !set_limit(RLIMIT_FSIZE, 0) || !set_limit(RLIMIT_NOFILE, DESCRIPTORS))
        return failed("setrlimit", error);
    if (memory_bytes && !set_limit(RLIMIT_AS, in_use + memory_bytes + ADDRESS_SPACE_SLACK))
        return failed("RLIMIT_AS", error);
    // As the interpreter's own executable does: writes beyond a limit or to a closed pipe raise OSError.
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    return true;
}

}  // namespace tracemill::host
