#include "sampler.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <fstream>
#include <map>
#include <memory>
#include <stdexcept>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

namespace tracemill::bench {
namespace {

constexpr long kIntervalNs = 97'000;  // no multiple of the kernel's own tick
constexpr size_t kMostSamples = size_t{1} << 20;

std::unique_ptr<uint64_t[]> s_samples;
std::atomic<size_t> s_count{0};
timer_t s_timer;

void take(int, siginfo_t*, void* context) {
    const size_t at = s_count.load(std::memory_order_relaxed);
    if (at == kMostSamples) return;
    s_samples[at] = static_cast<uint64_t>(static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
    s_count.store(at + 1, std::memory_order_relaxed);
}

void must(int result, const char* what) {
    if (result != 0) throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

void set_interval(long nanoseconds) {
    const itimerspec interval{{0, nanoseconds}, {0, nanoseconds}};
    must(timer_settime(s_timer, 0, &interval, nullptr), "timer_settime");
}

}  // namespace

void start_sampling() {
    s_samples = std::make_unique<uint64_t[]>(kMostSamples);
    struct sigaction action {};
    action.sa_sigaction = take;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    must(sigaction(SIGPROF, &action, nullptr), "sigaction");
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = SIGPROF;
    event._sigev_un._tid = static_cast<pid_t>(syscall(SYS_gettid));
    must(timer_create(CLOCK_MONOTONIC, &event, &s_timer), "timer_create");
    set_interval(kIntervalNs);
}

void write_samples(const std::string& path) {
    set_interval(0);
    std::ofstream out(path);
    out << std::ifstream("/proc/self/maps").rdbuf() << '\n' << std::hex;
    std::map<uint64_t, uint64_t> counts;
    for (size_t i = 0; i < s_count; ++i) ++counts[s_samples[i]];
    for (const auto& [address, count] : counts) out << address << ' ' << std::dec << count << std::hex << '\n';
    if (!out.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace tracemill::bench
