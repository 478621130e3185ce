#include "host/descriptors.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tracemill::host {

namespace {

// The first that the sandbox leaves to nobody (sandbox_limits.cc).
constexpr int kFirstBeyond = 64;

bool close_descriptors(unsigned first, unsigned last) {
    if (first > last || syscall(SYS_close_range, first, last, 0) == 0) return true;
    if (errno != ENOSYS) return false;
    long open_max = sysconf(_SC_OPEN_MAX);
    for (long fd = first; fd <= static_cast<long>(last) && fd < open_max; fd++) close(static_cast<int>(fd));
    return true;
}

}  // namespace

int move_out_of_the_way(int descriptor) {
    const int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, kFirstBeyond);
    if (moved >= 0) close(descriptor);
    return moved;
}

bool detach_descriptors(const int (&standard)[3], std::vector<int> keep) {
    for (int fd = 0; fd < 3; fd++)
        if (dup2(standard[fd], fd) < 0) return false;
    std::sort(keep.begin(), keep.end());
    unsigned first = 3;
    for (int fd : keep) {
        if (!close_descriptors(first, static_cast<unsigned>(fd) - 1)) return false;
        first = static_cast<unsigned>(fd) + 1;
    }
    return close_descriptors(first, ~0u);
}

}  // namespace tracemill::host
