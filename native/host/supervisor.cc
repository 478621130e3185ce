#include "host/supervisor.h"

#include "host/records_frame.h"
#include "host/shared_batch.h"
#include "host/unfinished.h"
#include "interface/recording_time.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <poll.h>
#include <signal.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace tracemill::host {

namespace {

constexpr uint32_t kMostFailedStarts = 3;
// An executor that finished all that it was given has nothing left to do but to say so.
constexpr uint64_t kMostEndNs = 1'000'000'000;

// "3.12.1" -> 12
uint8_t minor_of(const char* version) {
    const char* dot = strchr(version, '.');
    return dot ? static_cast<uint8_t>(atoi(dot + 1)) : 0;
}

uint64_t cpu_ns_of(const rusage& usage) {
    auto ns = [](const timeval& t) {
        return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(t.tv_usec) * 1'000;
    };
    return ns(usage.ru_utime) + ns(usage.ru_stime);
}

}  // namespace

Supervisor::Supervisor(const tm_core& core, const Configuration& configuration, const Sandbox& sandbox,
                       FrameReader& reader, FrameWriter& writer, bool restores)
    : core_(core), configuration_(configuration), sandbox_(sandbox), reader_(reader), writer_(writer),
      restores_(restores && configuration.isolation == Isolation::kShared && snapshot_.open().empty() &&
                snapshot_.keep()),
      area_(configuration.max_record_bytes), records_(configuration.max_record_bytes),
      python_minor_(minor_of(core.python_version())), started_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (started_ < 0) throw std::runtime_error(std::string("eventfd: ") + strerror(errno));
}

Supervisor::~Supervisor() {
    if (executor_.pid > 0) end_executor();
    close(started_);
}

void Supervisor::serve() {
    FrameHeader header;
    while (await_batch(header)) {
        if (header.type != FrameType::kBatch)
            throw ProtocolError("frame of type " + std::to_string(static_cast<int>(header.type)) +
                                " where a batch was expected");
        const std::span<uint8_t> payload = payload_of(area_.input(), header.size);
        if (payload.size() != header.size)
            throw ProtocolError("batch of " + std::to_string(header.size) + " bytes, at most " +
                                std::to_string(area_.input().size()));
        reader_.read_payload(payload);
        std::string error;
        if (!share_batch(area_.input(), header.size, batch_, error)) throw ProtocolError(error);
        if (batch_.programs.size() > kMostItems)
            throw ProtocolError("batch of " + std::to_string(batch_.programs.size()) + " items, at most " +
                                std::to_string(kMostItems));
        if (!run_batch()) return;
        area_.shrink_input(shared_bytes(area_.input()));
    }
}

bool Supervisor::await_batch(FrameHeader& header) {
    if (reader_.may_read_ahead()) reader_.read_ahead();
    // Nobody else would send what is kept for Node while this waits.
    return (reader_.has_frame() || writer_.flush()) && reader_.read_header(header);
}

bool Supervisor::run_batch() {
    count_ = static_cast<uint32_t>(batch_.programs.size());
    sent_ = 0;
    alone_item_ = UINT32_MAX;
    again_item_ = UINT32_MAX;
    killed_item_ = UINT32_MAX;
    records_.start_batch();
    told_ = false;
    showing_.batch_started(monotonic_ns(), count_);
    while (done() < count_) {
        const bool alone = runs_alone();
        let_run();
        uint32_t before = done();
        Wake wake = wait();
        if (wake == Wake::kNodeGone) return false;
        bool sound = collect();
        recycling_.programs_ran(done() - before);
        // Between items and with something to show: anything else is a signal that the executor did not send.
        bool expected = wake == Wake::kSignal && sound && done() > before && area_.control().started_at.load() == 0;
        if (!expected)
            replace_executor(wake);
        else if (alone)
            end_executor();
        if (records_.bytes() <= kPendingBytes && (executor_.pid > 0 || alone)) continue;
        if (!send_records()) return false;
        records_.free();
    }
    if (!send_records()) return false;
    records_.free();
    if (executor_.pid > 0 && recycling_.due()) end_executor();
    return true;
}

bool Supervisor::runs_alone() const { return configuration_.isolation == Isolation::kFork || alone_item_ == done(); }

void Supervisor::let_run() {
    seen_item_ = done();
    seen_at_ = monotonic_ns();
    // Its limits are for good.
    if (executor_.pid > 0 && !told_ && file_bytes() > executor_.file_bytes) end_executor();
    if (executor_.pid > 0) {
        share_place();
        if (!told_) {
            end_item_ = count_;
            executor_.starts = false;
        }
        uint8_t byte = static_cast<uint8_t>(told_ ? Signal::kContinue : Signal::kNewBatch);
        told_ = true;
        // Fails when a thread that a program left behind ended the process: wait() sees that.
        send(executor_.socket, &byte, 1, MSG_NOSIGNAL);
        return;
    }
    area_.clear();
    share_place();
    told_ = true;
    start_executor();
}

void Supervisor::share_place() {
    Control& control = area_.control();
    area_.shrink_records(next_offset_);
    next_offset_ = 0;
    control.next_offset = 0;
    control.completed.store(done());
    control.started_at.store(0);
}

uint64_t Supervisor::most_output() const {
    const uint64_t most = configuration_.options.max_output_bytes;
    return most ? std::min(most, configuration_.max_record_bytes) : configuration_.max_record_bytes;
}

// One more than a program may write, so that who wrote too much shows; the batch's inputs and programs have to fit as
// well.
uint64_t Supervisor::file_bytes() const {
    uint64_t most = most_output() + 1;
    for (const tm_program& program : batch_.programs)
        most = std::max({most, program.stdin_text.size, program.code.size});
    return most;
}

void Supervisor::start_executor() {
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
        throw std::runtime_error(std::string("socketpair: ") + strerror(errno));
    const bool alone = runs_alone();
    end_item_ = alone ? done() + 1 : count_;
    eventfd_t before;
    eventfd_read(started_, &before);
    const Assignment assignment{.first_item = done(),
                                .end_item = end_item_,
                                .alone = alone,
                                .restores = restores_ && !alone,
                                .file_bytes = file_bytes(),
                                .started = started_};
    if (sandbox_.files().has_scratch()) sandbox_.files().renew();
    pid_t self = getpid();
    core_.before_fork();
    if (restores_) snapshot_.refresh(assignment.restores);
    pid_t pid = fork();
    if (pid == 0) {
        core_.after_fork_child();
        execute(core_, configuration_, sandbox_, area_, snapshot_, assignment, sockets[1], self);
    }
    int fork_error = errno;
    if (assignment.restores) snapshot_.tell();
    core_.after_fork_parent();
    close(sockets[1]);
    if (pid < 0) {
        close(sockets[0]);
        throw std::runtime_error(std::string("fork: ") + strerror(fork_error));
    }
    setpgid(pid, pid);
    executor_ = {.pid = pid,
                 .pid_fd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0)),
                 .socket = sockets[0],
                 .file_bytes = assignment.file_bytes,
                 .first_item = done(),
                 .alone = alone};
    recycling_.executor_started();
}

Supervisor::Wake Supervisor::wait() {
    for (;;) {
        uint64_t until = deadline();
        uint64_t now = monotonic_ns();
        if (until <= now) return Wake::kDeadline;
        if (showing_.at() <= now && !show_records(now)) return Wake::kNodeGone;
        uint64_t left = std::min(until, showing_.at()) - now;
        timespec timeout{static_cast<time_t>(left / 1'000'000'000), static_cast<long>(left % 1'000'000'000)};
        short node = POLLRDHUP;
        if (reader_.may_read_ahead()) node |= POLLIN;
        if (writer_.is_behind()) node |= POLLOUT;
        pollfd fds[] = {{kNodeFd, node, 0}, {executor_.socket, POLLIN, 0}, {executor_.pid_fd, POLLIN, 0}};
        if (ppoll(fds, 3, &timeout, nullptr) < 0 && errno != EINTR)
            throw std::runtime_error(std::string("ppoll: ") + strerror(errno));
        if (fds[0].revents & ~(POLLIN | POLLOUT)) return Wake::kNodeGone;
        if (fds[0].revents & POLLIN) reader_.read_ahead();
        if ((fds[0].revents & POLLOUT) && !writer_.catch_up()) return Wake::kNodeGone;
        if (fds[1].revents) {
            uint8_t byte;
            if (recv(executor_.socket, &byte, 1, MSG_DONTWAIT) != 1) return Wake::kDeath;
            if (static_cast<Signal>(byte) != Signal::kAgain || !starts_over()) return Wake::kSignal;
            continue;
        }
        if (fds[2].revents) return Wake::kDeath;
    }
}

// Once an item: a program that sends the signal gains no more than that.
bool Supervisor::starts_over() {
    const uint32_t item = completed();
    if (again_item_ == item) return false;
    again_item_ = item;
    seen_item_ = item;
    seen_at_ = monotonic_ns();
    return true;
}

uint64_t Supervisor::deadline() {
    if (configuration_.timeout_ms == 0) return UINT64_MAX;
    Control& control = area_.control();
    // Only forwards: a program that plays with the count gains one deadline per item.
    uint32_t item = completed();
    if (item > seen_item_) {
        seen_item_ = item;
        seen_at_ = monotonic_ns();
    }
    uint64_t started_at = control.started_at.load(std::memory_order_acquire);
    // A program that moves its start into the future gains nothing.
    uint64_t begin = started_at ? std::min(started_at, seen_at_) : seen_at_;
    const uint64_t timeout_ns = configuration_.timeout_ms * 1'000'000;
    if (seen_item_ == end_item_) return seen_at_ + std::min(timeout_ns, kMostEndNs);
    uint64_t most = configuration_.options.max_recording_ns;
    return begin + timeout_ns + interface::extension_ns(control.progress, monotonic_ns(), most);
}

uint32_t Supervisor::completed() {
    return std::min(area_.control().completed.load(std::memory_order_acquire), end_item_);
}

bool Supervisor::collect() {
    const uint32_t end = completed();
    while (done() < end) {
        // Read once: whoever wrote it may still be running.
        const uint64_t size = std::atomic_ref(area_.control().sizes[done()]).load(std::memory_order_relaxed);
        if (size < format::kRecordHeaderSize || size > area_.record_bytes() || next_offset_ > kPendingBytes)
            return false;
        const wire::Tier tier = std::atomic_ref(area_.control().tiers[done()]).load(std::memory_order_relaxed);
        if (static_cast<uint8_t>(tier) >= wire::kTiers) return false;
        records_.add(area_.records().subspan(next_offset_, size), tier);
        next_offset_ = next_record_offset(next_offset_ + size);
        failed_starts_ = 0;
    }
    return true;
}

int Supervisor::end_executor(uint64_t* cpu_ns) {
    kill(-executor_.pid, SIGKILL);
    kill(executor_.pid, SIGKILL);
    int status = 0;
    rusage usage{};
    while (wait4(executor_.pid, &status, 0, &usage) < 0 && errno == EINTR)
        ;
    close(executor_.socket);
    if (executor_.pid_fd >= 0) close(executor_.pid_fd);
    executor_ = {};
    if (cpu_ns) *cpu_ns = cpu_ns_of(usage);
    return status;
}

void Supervisor::replace_executor(Wake wake) {
    bool past_deadline = wake == Wake::kDeadline;
    Executor ended = executor_;
    uint64_t cpu_ns;
    int status = end_executor(&cpu_ns);
    Control& control = area_.control();
    bool sound = collect();
    const bool first = ended.starts && done() == ended.first_item;
    eventfd_t started = 0;
    bool ran = eventfd_read(started_, &started) == 0 && started != 0;
    bool running = done() < end_item_ && (!sound || control.started_at.load() != 0 || (first && ran));
    if (!running) {
        // Between two programs: no one to blame, the next one starts in a new executor.
        if (first && done() < end_item_ && ++failed_starts_ == kMostFailedStarts)
            throw std::runtime_error("the executor ends before it runs a program: " + describe_death(status));
        return;
    }
    // It took native access; or what programs before it left may have killed it. Alone it shows what it does by itself.
    const bool native = WIFEXITED(status) && WEXITSTATUS(status) == TM_NATIVE_STATUS;
    const bool undisturbed = sound && control.fresh.load() != 0 && !native;
    if (!ended.alone && !past_deadline && !undisturbed) {
        alone_item_ = done();
        return;
    }
    // Programs have no call to send this signal with; whoever did gets one more try for free.
    bool killed = wake == Wake::kDeath && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    if (killed && sound && killed_item_ != done()) {
        killed_item_ = done();
        return;
    }
    records_.take(finish_running(wake, status, cpu_ns, sound),
                  ended.alone ? wire::Tier::kForked : wire::Tier::kRestored);
}

uint64_t Supervisor::finish_running(Wake wake, int status, uint64_t cpu_ns, bool sound) {
    Control& control = area_.control();
    uint64_t most_recording = configuration_.options.max_recording_ns;
    Ending ending{format::Status::kCrash, describe_death(status), false, 0, 0};
    if (wake == Wake::kDeadline && interface::ended_by_recording(control.progress, monotonic_ns(), most_recording))
        ending = {format::Status::kRecordLimit,
                  "recording took over " + std::to_string(most_recording / 1'000'000) + " ms", true, 0, 0};
    else if (wake == Wake::kDeadline)
        ending = {format::Status::kTimeout,
                  "no end after " + std::to_string(configuration_.timeout_ms) + " ms of wall time", true, 0, 0};
    else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ)
        ending = {format::Status::kOutputLimit, "stopped at the output limit", true, 0, 0};
    else if (!sound || wake == Wake::kSignal)
        ending.detail = "interfered with its tracer";
    if (configuration_.options.timings) {
        uint64_t started_at = control.started_at.load();
        uint64_t cpu_before = control.cpu_started_at.load();
        ending.cpu_ns = cpu_ns > cpu_before ? cpu_ns - cpu_before : 0;
        ending.wall_ns = monotonic_ns() - std::min(started_at ? started_at : seen_at_, seen_at_);
    }
    // Nobody runs who could still write there.
    const std::span<uint8_t> room = records_.room();
    const uint64_t committed =
        sound && next_offset_ <= kPendingBytes ? std::min(control.arena.committed, room.size()) : 0;
    memcpy(room.data(), area_.records().data() + next_offset_, committed);
    return finish_record(room, committed, python_minor_, control.progress, ending, *core_.stream_files(),
                         most_output());
}

bool Supervisor::show_records(uint64_t now) {
    // What Node does not take is kept, up to a limit, past which this would wait for Node and not for the executor.
    if (!writer_.is_behind()) collect();
    const uint32_t unseen = records_.bytes() <= kPendingBytes ? done() - sent_ : 0;
    return !showing_.worth_it(now, done(), unseen) || send_records();
}

bool Supervisor::send_records() {
    while (sent_ < done()) {
        const uint32_t end = end_of_frame(records_, sent_);
        if (!write_records(writer_, records_, {batch_.sequence, sent_, end})) return false;
        sent_ = end;
    }
    return true;
}

}  // namespace tracemill::host
