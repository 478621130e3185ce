#include "host/unfinished.h"

#include "format/append_outcome.h"

#include <algorithm>
#include <cstring>
#include <sys/wait.h>

namespace tracemill::host {

std::string describe_death(int wait_status) {
    if (!WIFSIGNALED(wait_status)) return "exited with status " + std::to_string(WEXITSTATUS(wait_status));
    const char* name = sigabbrev_np(WTERMSIG(wait_status));
    return name ? std::string("killed by SIG") + name : "killed by signal " + std::to_string(WTERMSIG(wait_status));
}

uint64_t finish_record(std::span<uint8_t> memory, uint64_t committed, uint8_t python_minor, tm_progress progress,
                       const Ending& ending) {
    format::Outcome outcome;
    bool limited = progress.limit > 0 && progress.limit < format::kStatusCount;
    outcome.status = limited ? static_cast<format::Status>(progress.limit) : ending.status;
    outcome.detail = ending.detail;
    outcome.events = progress.events;
    outcome.lines = progress.lines;
    outcome.stdout_bytes = progress.stdout_bytes;
    outcome.stderr_bytes = progress.stderr_bytes;
    outcome.cpu_ns = ending.cpu_ns;
    outcome.wall_ns = ending.wall_ns;
    committed = std::min<uint64_t>(committed, memory.size());
    format::append_outcome(memory.data(), memory.size(), &committed, outcome, python_minor);
    return committed;
}

}  // namespace tracemill::host
