#include "guard/process_state.h"

#include <algorithm>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

namespace tracemill::guard {
namespace {

template <typename T>
void append_bytes(std::string& out, const T& value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

bool is_open(int descriptor) { return fcntl(descriptor, F_GETFD) >= 0; }

// One more file would get this number.
int lowest_free_descriptor() {
    int descriptor = 0;
    while (is_open(descriptor)) ++descriptor;
    return descriptor;
}

// The core stops those that Python knows of.
bool a_timer_runs() {
    for (const auto timer : {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF}) {
        itimerval left{};
        if (getitimer(timer, &left) == 0 && (left.it_value.tv_sec != 0 || left.it_value.tv_usec != 0)) return true;
    }
    return false;
}

std::string standard_files() {
    std::string out;
    for (int descriptor = 0; descriptor < 3; ++descriptor) {
        struct stat file {};
        fstat(descriptor, &file);
        append_bytes(out, file.st_dev);
        append_bytes(out, file.st_ino);
        append_bytes(out, fcntl(descriptor, F_GETFL));
    }
    sigset_t blocked;
    sigemptyset(&blocked);
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    for (int number = 1; number < NSIG; ++number) out.push_back(sigismember(&blocked, number) == 1 ? '1' : '0');
    return out;
}

}  // namespace

void ProcessState::take() {
    tm_read_settings(&settings_);
    recursion_limit_ = Py_GetRecursionLimit();
    stack_size_ = PyThread_get_stacksize();
    locale_ = std::setlocale(LC_ALL, nullptr);
    environment_.clear();
    for (char** at = environ; at && *at; ++at) environment_.emplace_back(*at, *at);
}

void ProcessState::take_descriptors() {
    open_ = open_descriptors();
    lowest_free_ = lowest_free_descriptor();
    standard_files_ = standard_files();
    // There is no way to ask for it.
    file_mask_ = umask(0);
    umask(file_mask_);
}

std::bitset<ProcessState::kDescriptors> ProcessState::open_descriptors() const {
    pollfd asked[kDescriptors];
    for (int i = 0; i < kDescriptors; ++i) asked[i] = {i, 0, 0};
    std::bitset<kDescriptors> open;
    if (poll(asked, kDescriptors, 0) < 0) return open;
    for (int i = 0; i < kDescriptors; ++i) open[static_cast<size_t>(i)] = !(asked[i].revents & POLLNVAL);
    return open;
}

// Files get the lowest free number, so one look there finds nearly all that were left open. Those that were closed, and
// are ours, the comparison per batch finds.
bool ProcessState::restore_descriptors() const {
    if (!is_open(lowest_free_)) return true;
    const auto open = open_descriptors();
    if (open == open_) return true;
    for (int i = 0; i < kDescriptors; ++i) {
        if (open[static_cast<size_t>(i)] && !open_[static_cast<size_t>(i)]) close(i);
    }
    return open_descriptors() == open_;
}

// Setting a variable makes a new string.
bool ProcessState::environment_is_unchanged() const {
    char** at = environ;
    for (const auto& [variable, text] : environment_) {
        if (!at || *at != variable) return false;
        ++at;
    }
    return !at || !*at;
}

bool ProcessState::texts_are_unchanged() const {
    const auto same = [](const auto& variable) { return variable.second == variable.first; };
    return std::all_of(environment_.begin(), environment_.end(), same);
}

void ProcessState::restore_environment() const {
    clearenv();
    for (const auto& [variable, text] : environment_) {
        const size_t name = text.find('=');
        if (name != std::string::npos) setenv(text.substr(0, name).c_str(), text.c_str() + name + 1, 1);
    }
}

bool ProcessState::restore() {
    if (!environment_is_unchanged()) {
        restore_environment();
        environment_.clear();
        for (char** at = environ; at && *at; ++at) environment_.emplace_back(*at, *at);
    }
    // The time zone that was set last need not be the one that the variable names now. Nothing to do otherwise.
    tzset();
    const char* locale = std::setlocale(LC_ALL, nullptr);
    if (locale_ != locale && !std::setlocale(LC_ALL, locale_.c_str())) return false;
    if (Py_GetRecursionLimit() != recursion_limit_) Py_SetRecursionLimit(recursion_limit_);
    // Who asks for these sets them, too: a comparison per batch could come too late.
    umask(file_mask_);
    if (PyThread_get_stacksize() != stack_size_) PyThread_set_stacksize(stack_size_);
    tm_settings now;
    tm_read_settings(&now);
    if (std::memcmp(&now, &settings_, sizeof now) != 0) {
        tm_write_settings(&settings_);
        tm_read_settings(&now);
        if (std::memcmp(&now, &settings_, sizeof now) != 0) return false;
    }
    return restore_descriptors();
}

bool ProcessState::is_unchanged_deeply() const {
    return !a_timer_runs() && open_descriptors() == open_ && standard_files() == standard_files_ &&
           texts_are_unchanged();
}

}  // namespace tracemill::guard
