#include "host/unfinished.h"

#include "format/append_outcome.h"

#include <algorithm>
#include <cstring>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tracemill::host {

std::string describe_death(int wait_status) {
    if (!WIFSIGNALED(wait_status)) return "exited with status " + std::to_string(WEXITSTATUS(wait_status));
    const char* name = sigabbrev_np(WTERMSIG(wait_status));
    return name ? std::string("killed by SIG") + name : "killed by signal " + std::to_string(WTERMSIG(wait_status));
}

namespace {

struct ReachedFile {
    uint64_t size = 0;
    std::string bytes;  // the first of them
};

ReachedFile read_file(int file, uint64_t most) {
    ReachedFile reached;
    struct stat about {};
    if (fstat(file, &about) != 0) return reached;
    reached.size = static_cast<uint64_t>(about.st_size);
    reached.bytes.resize(std::min(reached.size, most));
    size_t at = 0;
    ssize_t got = 0;
    while (at < reached.bytes.size() &&
           (got = pread(file, reached.bytes.data() + at, reached.bytes.size() - at, static_cast<off_t>(at))) > 0)
        at += static_cast<size_t>(got);
    reached.bytes.resize(at);
    return reached;
}

}  // namespace

uint64_t finish_record(std::span<uint8_t> memory, uint64_t committed, uint8_t python_minor, tm_progress progress,
                       const Ending& ending, const tm_stream_files& streams, uint64_t output_bytes) {
    const ReachedFile output = read_file(streams.file[1], output_bytes);
    const ReachedFile error = read_file(streams.file[2], output_bytes);
    if (progress.limit == 0 && std::max(output.size, error.size) > output_bytes)
        progress.limit = static_cast<uint32_t>(format::Status::kOutputLimit);
    format::Outcome outcome;
    bool limited = progress.limit > 0 && progress.limit < format::kStatusCount;
    outcome.status = limited ? static_cast<format::Status>(progress.limit) : ending.status;
    outcome.detail = ending.detail;
    outcome.events = progress.events;
    outcome.lines = progress.lines;
    const format::ReachedStreams reached{output.bytes, error.bytes, limited || ending.stopped};
    outcome.stdout_bytes = reached.stopped ? std::max(progress.stdout_bytes, output.size) : output.size;
    outcome.stderr_bytes = reached.stopped ? std::max(progress.stderr_bytes, error.size) : error.size;
    outcome.cpu_ns = ending.cpu_ns;
    outcome.wall_ns = ending.wall_ns;
    committed = std::min<uint64_t>(committed, memory.size());
    format::append_outcome(memory.data(), memory.size(), &committed, outcome, python_minor, 0, &reached);
    return committed;
}

}  // namespace tracemill::host
