// The inline engine: one Python for the whole process, used by every JavaScript thread in it. Two threads of its own:
// one on which Python lives and runs the jobs one after another, and a watchdog that stops what has run for too long
// or is wanted no more. No Node in it; what JavaScript sees is inline_port.h, with the rules of who may outlive whom.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "binding/inline_arena.h"
#include "binding/inline_job.h"
#include "binding/inline_python.h"

namespace tracemill::binding {

class InlineEngine {
  public:
    // Made on first use and never destroyed (rule 2): its threads may be running while the process exits.
    static InlineEngine& instance();

    // Any thread. The job comes back through its recipient, unless the engine's threads cannot be started.
    std::optional<Failure> submit(std::shared_ptr<Job> job);
    // Any thread; does not wait (rule 4). A job in the queue is delivered at once, a running one when it has stopped.
    void cancel(const std::shared_ptr<Job>& job);

  private:
    using Clock = std::chrono::steady_clock;

    // A program that Python is running now.
    struct Running {
        Job* job;
        tm_progress* progress;
        const tm_core* core;
        std::optional<Clock::time_point> deadline;  // before what recording adds
        uint64_t max_recording_ns;
    };

    InlineEngine() = default;
    bool start_threads();
    void engine_thread();
    void watchdog_thread();
    void stop_for_exit();

    void perform(Job& job);
    std::optional<Failure> run(Job& job, RunRequest& request);
    // False when the records no longer fit one buffer.
    bool run_program(Job& job, const RunRequest& request, const tm_program& program);
    // Does not return once the process exits (rule 7).
    void set_running(std::optional<Running> running);
    // Both under the lock.
    // Of the running program; later, the longer recording takes.
    std::optional<Clock::time_point> deadline() const;
    bool must_stop(Clock::time_point now) const;
    // Tells the running program why it stops; interrupting Python is left to the caller.
    const tm_core& mark_stopped(Clock::time_point now);

    std::mutex mutex_;
    // Guarded by the mutex.
    std::condition_variable work_;     // the engine's thread waits for jobs
    std::condition_variable watch_;    // the watchdog waits for a deadline or a reason
    std::condition_variable stopped_;  // stop_for_exit() waits for the engine's thread to leave Python
    std::deque<std::shared_ptr<Job>> queue_;
    std::shared_ptr<Job> current_;
    std::optional<Running> running_;
    std::optional<Clock::time_point> watchdog_wakes_;  // none = only when notified
    bool watching_ = false;                            // the watchdog's thread exists
    bool started_ = false;                             // both threads exist
    bool exiting_ = false;

    // The engine's thread only.
    InlinePython python_;
    InlineArena arena_;
};

}  // namespace tracemill::binding
