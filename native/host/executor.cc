#include "host/executor.h"

#include "host/descriptors.h"
#include "host/item_runner.h"
#include "host/restorer.h"
#include "host/shared_batch.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <signal.h>
#include <string>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace tracemill::host {

namespace {

Signal wait_for_supervisor(int socket) {
    uint8_t byte;
    ssize_t n;
    while ((n = recv(socket, &byte, 1, 0)) < 0 && errno == EINTR)
        ;
    if (n != 1) _exit(0);
    return static_cast<Signal>(byte);
}

// Answers the descriptor of the program's file, 0 = there is none. `restorer` is ready afterwards where it is wanted
// and the kernel can do it.
int prepare(const tm_stream_files& streams, const Sandbox& sandbox, SharedArea& area, const Assignment& assignment,
            Restorer& restorer, int socket, int supervisor_pid) {
    std::string error;
    const bool restores = assignment.restores && restorer.adopt().empty();
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
    std::vector<int> keep{socket, assignment.started};
    if (file > 0) keep.push_back(file);
    keep.insert(keep.end(), std::begin(streams.file), std::end(streams.file));
    keep.insert(keep.end(), std::begin(streams.opened), std::end(streams.opened));
    if (restores) {
        const std::vector<int> needed = restorer.descriptors();
        keep.insert(keep.end(), needed.begin(), needed.end());
    }
    if (!detach_descriptors(streams.opened, std::move(keep))) _exit(1);
    if (eventfd_write(assignment.started, 1) != 0 || close(assignment.started) != 0) _exit(1);
    // What is allocated from here on is gone after the first program that is not tame.
    OwnDescriptors own{.control_socket = socket};
    if (restores && restorer.take(streams, file).empty()) restorer.allow(own);
    if (!sandbox.lock_system_calls(own, error)) _exit(1);
    return file;
}

}  // namespace

void execute(const tm_core& core, const Configuration& configuration, const Sandbox& sandbox, SharedArea& area,
             Snapshot& snapshot, Assignment assignment, int socket, int supervisor_pid) {
    Restorer restorer(snapshot);
    tm_options options = configuration.options;
    options.program_file = static_cast<uint32_t>(
        prepare(*core.stream_files(), sandbox, area, assignment, restorer, socket, supervisor_pid));
    ItemRunner runner(core, options, sandbox.files(), area, socket, assignment.alone,
                      restorer.ready() ? &restorer : nullptr);
    for (;;) {
        const tm_program* const programs = shared_programs(area.input()).data();
        for (uint32_t item = assignment.first_item; item < assignment.end_item; item++) {
            if (area.control().next_offset > kPendingBytes) {
                signal_supervisor(socket, Signal::kPaused);
                if (wait_for_supervisor(socket) != Signal::kContinue) _exit(1);
            }
            runner.run(programs[item], item);
        }
        signal_supervisor(socket, Signal::kDone);
        if (assignment.alone) _exit(0);
        // While Node has the records.
        runner.end_batch();
        if (wait_for_supervisor(socket) != Signal::kNewBatch) _exit(1);
        assignment.first_item = 0;
        assignment.end_item = static_cast<uint32_t>(shared_programs(area.input()).size());
    }
}

}  // namespace tracemill::host
