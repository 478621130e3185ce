#include "host/kernel_state.h"

#include "host/descriptors.h"

#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

namespace tracemill::host {

namespace {

// A thread that has been waited for is gone a little later.
constexpr int kMostLooks = 40;
constexpr timespec kBetweenLooks{0, 50'000};

// The kernel knows 64 signals; the C library has room for more, which it leaves as it is.
constexpr size_t kMaskBytes = 8;

bool have_the_same_effect(const struct sigaction& one, const struct sigaction& other) {
    return one.sa_handler == other.sa_handler && one.sa_flags == other.sa_flags &&
           memcmp(&one.sa_mask, &other.sa_mask, kMaskBytes) == 0;
}

}  // namespace

KernelState::~KernelState() {
    if (tasks_ >= 0) close(tasks_);
}

bool KernelState::open() {
    tasks_ = ::open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (tasks_ >= 0) tasks_ = move_out_of_the_way(tasks_);
    return tasks_ >= 0;
}

bool KernelState::take(const tm_stream_files& streams, int program_file) {
    streams_ = streams;
    program_file_ = program_file;
    descriptors_ = open_descriptors();
    // There is no way to ask for it.
    file_mask_ = umask(0);
    umask(file_mask_);
    for (int number = 1; number < kSignals; number++) sigaction(number, nullptr, &actions_[number]);
    return sigprocmask(SIG_SETMASK, nullptr, &blocked_) == 0 && sigaltstack(nullptr, &handler_stack_) == 0 &&
           is_alone();
}

bool KernelState::restore() const { return restore_signals() && restore_descriptors() && restore_streams(); }

// Each one has a directory, which counts as a link like the two that every directory has.
bool KernelState::is_alone() const {
    struct stat tasks {};
    return fstat(tasks_, &tasks) == 0 && tasks.st_nlink == 3;
}

bool KernelState::restore_signals() const {
    constexpr itimerval kNone{};
    for (const auto timer : {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF}) setitimer(timer, &kNone, nullptr);
    for (int looks = 0; !is_alone(); looks++) {
        if (looks == kMostLooks) return false;
        nanosleep(&kBetweenLooks, nullptr);
    }
    sigset_t waiting;
    if (sigpending(&waiting) != 0 || !sigisemptyset(&waiting)) return false;
    for (int number = 1; number < kSignals; number++) {
        struct sigaction now {};
        // Two are the C library's own, which cannot be asked for.
        if (sigaction(number, nullptr, &now) != 0 || have_the_same_effect(now, actions_[number])) continue;
        if (sigaction(number, &actions_[number], nullptr) != 0) return false;
    }
    umask(file_mask_);
    return sigprocmask(SIG_SETMASK, &blocked_, nullptr) == 0 && sigaltstack(&handler_stack_, nullptr) == 0;
}

uint64_t KernelState::open_descriptors() const {
    pollfd asked[kDescriptors];
    for (int i = 0; i < kDescriptors; i++) asked[i] = {i, 0, 0};
    uint64_t open = 0;
    if (poll(asked, kDescriptors, 0) < 0) return 0;
    for (int i = 0; i < kDescriptors; i++)
        if (!(asked[i].revents & POLLNVAL)) open |= uint64_t{1} << i;
    return open;
}

bool KernelState::restore_descriptors() const {
    constexpr uint64_t kStandard = 7;  // put back in any case
    const uint64_t open = open_descriptors();
    for (int i = 3; i < kDescriptors; i++)
        if (open & ~descriptors_ & uint64_t{1} << i) close(i);
    return (descriptors_ & ~open & ~kStandard) == 0;
}

// Empty, at their start, and under their numbers.
bool KernelState::restore_streams() const {
    for (int stream = 0; stream < 3; stream++) {
        const int opened = streams_.opened[stream];
        if (ftruncate(streams_.file[stream], 0) != 0 || lseek(opened, 0, SEEK_SET) != 0 ||
            fcntl(opened, F_SETFL, 0) != 0 || dup2(opened, stream) != stream)
            return false;
    }
    return program_file_ == 0 || ftruncate(program_file_, 0) == 0;
}

}  // namespace tracemill::host
