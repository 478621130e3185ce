#include "host/startup.h"

#include <cstdlib>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace tracemill::host {

namespace {

constexpr rlim_t kMainStack = 512u << 20;
// Of the threads that programs start; the default follows the main thread's limit.
constexpr size_t kThreadStack = 8u << 20;

}  // namespace

void tie_to_parent(pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // Run again through /proc/self/exe it would show as "exe".
    prctl(PR_SET_NAME, "tracemill-host");
    if (getppid() != parent) _exit(0);
}

void leave_process_group() { setsid(); }

void reset_signals() {
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; signal++) sigaction(signal, &action, nullptr);
    // A write past the caller's limit of file sizes fails and is reported; the default would end the process.
    signal(SIGXFSZ, SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

void scrub_environment() {
    clearenv();
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("PYTHONHASHSEED", "0", 1);
    setenv("TZ", "UTC", 1);
    setenv("HOME", "/nonexistent", 1);
    setenv("USER", "user", 1);
}

void ensure_large_stack(char** argv) {
    rlimit limit;
    if (getrlimit(RLIMIT_STACK, &limit) != 0) return;
    rlim_t wanted = limit.rlim_max < kMainStack ? limit.rlim_max : kMainStack;
    if (limit.rlim_cur < wanted) {
        rlimit raised{wanted, limit.rlim_max};
        if (setrlimit(RLIMIT_STACK, &raised) == 0) execv("/proc/self/exe", argv);
    }
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) == 0) {
        pthread_attr_setstacksize(&attributes, kThreadStack);
        pthread_setattr_default_np(&attributes);
        pthread_attr_destroy(&attributes);
    }
}

void share_one_heap() { mallopt(M_ARENA_MAX, 1); }

}  // namespace tracemill::host
