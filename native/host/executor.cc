#include "host/executor.h"

#include "host/descriptors.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <signal.h>
#include <string>
#include <string_view>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace tracemill::host {

namespace {

uint64_t cpu_ns() {
    timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

// The supervisor is gone or broken: nobody is left to report to.
void signal_supervisor(int socket, Signal signal) {
    uint8_t byte = static_cast<uint8_t>(signal);
    if (send(socket, &byte, 1, MSG_NOSIGNAL) != 1) _exit(1);
}

Signal wait_for_supervisor(int socket) {
    uint8_t byte;
    ssize_t n;
    while ((n = recv(socket, &byte, 1, 0)) < 0 && errno == EINTR)
        ;
    if (n != 1) _exit(0);
    return static_cast<Signal>(byte);
}

// Whether the process may run another program.
bool run_item(const tm_core& core, const tm_options& options, const FileTree& files, SharedArea& area,
              const tm_program& program, uint32_t item) {
    Control& control = area.control();
    control.progress = {};
    control.arena = {area.records().data() + control.next_offset, area.record_bytes(), 0};
    if (options.timings) control.cpu_started_at.store(cpu_ns(), std::memory_order_relaxed);
    control.started_at.store(monotonic_ns(), std::memory_order_release);
    bool reusable = core.run(&program, &options, &control.arena, &control.progress) == TM_RUN_CLEAN;
    reusable = reusable && files.tidy(static_cast<int>(options.program_file));
    uint64_t size = control.arena.committed;
    control.sizes[item] = size;
    control.next_offset = next_record_offset(control.next_offset + size);
    control.started_at.store(0, std::memory_order_release);
    control.completed.store(item + 1, std::memory_order_release);
    // A program that was stopped half way may leave half-done changes to the interpreter: a patch that was not taken
    // back, a loop that counts as running.
    return reusable && control.progress.limit == 0;
}

// Makes the records so far count, or ends the process: when a program left traces in it. The only program of a process
// has harmed nobody but, if the process goes on, the next one.
void confirm(const tm_core& core, SharedArea& area, uint32_t ran, bool ends) {
    const bool alone = ran == 1;
    const bool harmless = (alone && ends) || core.check_state() == 0;
    if (harmless || alone) area.control().confirmed.store(area.control().completed.load(), std::memory_order_release);
    if (!harmless) _exit(alone ? 0 : kChangedStatus);
}

// Answers the descriptor of the program's file, 0 = there is none.
int prepare(const tm_stream_files& streams, const Sandbox& sandbox, SharedArea& area, const Assignment& assignment,
            int socket, int supervisor_pid) {
    std::string error;
    int file = sandbox.files().exists() ? move_out_of_the_way(sandbox.files().open_program_file()) : 0;
    bool ready = file >= 0 && sandbox.files().enter() && area.make_input_read_only() && setpgid(0, 0) == 0;
    if (!ready) error = strerror(errno);
    // Before 2 is pointed away: what goes wrong here is told on the supervisor's stderr.
    if (!ready || !sandbox.enter(assignment.file_bytes, error)) {
        fprintf(stderr, "tracemill-host: cannot enter the sandbox: %s\n", error.c_str());
        _exit(1);
    }
    // fork() clears the parent-death signal, and so does another user.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != supervisor_pid) _exit(0);
    if (eventfd_write(assignment.started, 1) != 0) _exit(1);
    std::vector<int> keep{socket};
    if (file > 0) keep.push_back(file);
    keep.insert(keep.end(), std::begin(streams.file), std::end(streams.file));
    keep.insert(keep.end(), std::begin(streams.opened), std::end(streams.opened));
    if (!detach_descriptors(streams.opened, std::move(keep)) || !sandbox.lock_system_calls(socket, error)) _exit(1);
    return file;
}

}  // namespace

void execute(const tm_core& core, const Configuration& configuration, const Sandbox& sandbox, SharedArea& area,
             wire::Batch batch, Assignment assignment, int socket, int supervisor_pid) {
    tm_options options = configuration.options;
    options.program_file =
        static_cast<uint32_t>(prepare(*core.stream_files(), sandbox, area, assignment, socket, supervisor_pid));
    uint32_t ran = 0;  // in this process
    for (;;) {
        for (uint32_t item = assignment.first_item; item < assignment.end_item; item++) {
            if (area.control().next_offset > kPendingBytes) {
                confirm(core, area, ran, false);
                signal_supervisor(socket, Signal::kPaused);
                if (wait_for_supervisor(socket) != Signal::kContinue) _exit(1);
            }
            bool reusable = run_item(core, options, sandbox.files(), area, batch.programs[item], item);
            ran++;
            if (reusable) continue;
            // The supervisor goes on with a new process.
            confirm(core, area, ran, true);
            _exit(0);
        }
        confirm(core, area, ran, assignment.exits_when_done);
        signal_supervisor(socket, Signal::kDone);
        if (assignment.exits_when_done) _exit(0);
        if (wait_for_supervisor(socket) != Signal::kNewBatch) _exit(1);
        std::string error;
        std::string_view payload(reinterpret_cast<const char*>(area.input().data()), area.control().payload_bytes);
        if (!wire::decode_batch(payload, batch, error)) _exit(1);
        assignment.first_item = 0;
        assignment.end_item = static_cast<uint32_t>(batch.programs.size());
    }
}

}  // namespace tracemill::host
