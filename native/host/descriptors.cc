#include "host/descriptors.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tracemill::host {

namespace {

bool close_descriptors(unsigned first, unsigned last) {
    if (first > last || syscall(SYS_close_range, first, last, 0) == 0) return true;
    if (errno != ENOSYS) return false;
    long open_max = sysconf(_SC_OPEN_MAX);
    for (long fd = first; fd <= static_cast<long>(last) && fd < open_max; fd++) close(static_cast<int>(fd));
    return true;
}

}  // namespace

int open_null_device() { return open("/dev/null", O_RDWR | O_CLOEXEC); }

bool detach_descriptors(int null_device, int keep) {
    for (int fd = 0; fd < 3; fd++)
        if (dup2(null_device, fd) < 0) return false;
    return close_descriptors(3, static_cast<unsigned>(keep) - 1) &&
           close_descriptors(static_cast<unsigned>(keep) + 1, ~0u);
}

}  // namespace tracemill::host
