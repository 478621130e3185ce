#include "host/restorer.h"

#include <cerrno>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

namespace tracemill::host {

std::string Restorer::adopt() {
    if (!kernel_.open()) return std::string("/proc/self/task: ") + strerror(errno);
    return snapshot_.adopt();
}

std::string Restorer::take(const tm_stream_files& streams, int program_file) {
    if (!kernel_.take(streams, program_file)) return "this process is not alone";
    return snapshot_.take();
}

std::vector<int> Restorer::descriptors() const {
    std::vector<int> all = snapshot_.descriptors();
    all.push_back(kernel_.descriptor());
    return all;
}

void Restorer::allow(OwnDescriptors& own) const {
    if (!ready()) return;
    own.scanned_file = snapshot_.scanned_file();
    own.scan_argument = snapshot_.scan_argument();
}

std::string why_not_restorable() {
    int ends[2];
    if (pipe(ends) != 0) return std::string("pipe: ") + strerror(errno);
    const pid_t child = fork();
    if (child == 0) {
        Snapshot snapshot;
        std::string why = snapshot.open();
        if (why.empty()) why = snapshot.take();
        if (why.empty() && !snapshot.restore()) why = "memory is not put back";
        _exit(write(ends[1], why.data(), why.size()) == static_cast<ssize_t>(why.size()) ? 0 : 1);
    }
    close(ends[1]);
    char text[256];
    const ssize_t size = read(ends[0], text, sizeof text);
    close(ends[0]);
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (size > 0) return {text, static_cast<size_t>(size)};
    return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? "" : "a process does not survive it";
}

}  // namespace tracemill::host
