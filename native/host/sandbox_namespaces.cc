#include "host/sandbox_namespaces.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sched.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace tracemill::host {

namespace {

constexpr int kIsolated = CLONE_NEWNET | CLONE_NEWIPC;

bool write_file(const char* path, const std::string& text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return false;
    bool written = write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    int error = errno;
    close(fd);
    errno = error;
    return written;
}

// An id keeps its number, so that files stay readable as they were.
std::string same_id(unsigned id) { return std::to_string(id) + " " + std::to_string(id) + " 1"; }

// 0 or an errno.
int unshare_as_user() {
    std::string user = same_id(geteuid());
    std::string group = same_id(getegid());
    if (unshare(CLONE_NEWUSER | kIsolated) != 0) return errno;
    bool mapped = write_file("/proc/self/setgroups", "deny") && write_file("/proc/self/uid_map", user) &&
                  write_file("/proc/self/gid_map", group);
    return mapped ? 0 : errno;
}

// In a child: a user namespace that lets no id be mapped cannot be left again.
int try_as_user() {
    pid_t child = fork();
    if (child < 0) return errno;
    if (child == 0) _exit(unshare_as_user());
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : ECANCELED;
}

}  // namespace

std::string enter_namespaces() {
    if (geteuid() == 0 && unshare(kIsolated) == 0) return {};
    int error = try_as_user();
    if (error != 0) return strerror(error);
    error = unshare_as_user();
    if (error != 0) throw std::runtime_error(std::string("cannot enter a user namespace: ") + strerror(error));
    return {};
}

}  // namespace tracemill::host
