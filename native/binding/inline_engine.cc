#include "binding/inline_engine.h"

#include <pthread.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "format/record.h"
#include "format/varint.h"
#include "interface/recording_time.h"
#include "wire/tier.h"

namespace tracemill::binding {

namespace {

// Deep recursion of a program, and of Python's own C code under it. Address space only: pages come as they are used.
constexpr size_t kPythonStackBytes = size_t{512} << 20;
constexpr size_t kWatchdogStackBytes = size_t{1} << 20;
// How often a program that has to stop is told so: it may catch the exception, or be in C code.
constexpr std::chrono::milliseconds kStopInterval{5};
// How long process exit waits for the running program (rule 7).
constexpr std::chrono::milliseconds kExitPatience{250};
// What a Uint8Array holds in every supported Node.
constexpr uint64_t kMostResultBytes = (uint64_t{1} << 32) - 1;

void append_varint(std::vector<uint8_t>& bytes, uint64_t value) {
    uint8_t varint[format::kMaxVarintSize];
    bytes.insert(bytes.end(), varint, format::put_varint(varint, value));
}

bool start_detached(size_t stack_bytes, void* (*body)(void*), void* argument) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, stack_bytes);
    pthread_t thread;
    const bool started = pthread_create(&thread, &attributes, body, argument) == 0;
    pthread_attr_destroy(&attributes);
    return started;
}

Failure cancelled() { return {code::kCancelled, "the batch was cancelled"}; }

}  // namespace

InlineEngine& InlineEngine::instance() {
    static InlineEngine* const kEngine = new InlineEngine();
    return *kEngine;
}

bool InlineEngine::start_threads() {
    const auto engine = [](void* self) -> void* {
        static_cast<InlineEngine*>(self)->engine_thread();
        return nullptr;
    };
    const auto watchdog = [](void* self) -> void* {
        static_cast<InlineEngine*>(self)->watchdog_thread();
        return nullptr;
    };
    watching_ = watching_ || start_detached(kWatchdogStackBytes, watchdog, this);
    started_ = started_ || (watching_ && start_detached(kPythonStackBytes, engine, this));
    return started_;
}

std::optional<Failure> InlineEngine::submit(std::shared_ptr<Job> job) {
    const std::lock_guard lock(mutex_);
    if (!start_threads()) {
        return Failure{code::kMemory, "the thread for Python cannot be started: it needs 512 MiB of address space"};
    }
    queue_.push_back(std::move(job));
    work_.notify_one();
    return std::nullopt;
}

void InlineEngine::cancel(const std::shared_ptr<Job>& job) {
    {
        const std::lock_guard lock(mutex_);
        job->cancelled = true;
        if (std::erase(queue_, job) == 0) {
            if (current_ == job) watch_.notify_one();
            return;
        }
    }
    job->failure = cancelled();
    job->recipient->deliver(job);
}

void InlineEngine::engine_thread() {
    std::unique_lock lock(mutex_);
    for (;;) {
        if (queue_.empty() || exiting_) {
            work_.wait(lock);
            continue;
        }
        current_ = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        perform(*current_);
        current_->recipient->deliver(current_);
        lock.lock();
        current_ = nullptr;
    }
}

void InlineEngine::perform(Job& job) {
    try {
        if (const auto* open = std::get_if<OpenRequest>(&job.request)) {
            job.failure = python_.open(*open);
            if (!job.failure) {
                job.version = python_.core()->python_version();
                // After Python's libraries have registered theirs, so that it runs before them.
                static const bool kRegistered = std::atexit([] { instance().stop_for_exit(); }) == 0;
                (void)kRegistered;
            }
        } else {
            job.failure = run(job, std::get<RunRequest>(job.request));
        }
    } catch (const std::bad_alloc&) {
        job.failure = Failure{code::kMemory, "no memory for the records of the batch: use smaller batches"};
    }
    if (job.failure) job.records = {};
}

std::optional<Failure> InlineEngine::run(Job& job, RunRequest& request) {
    if (python_.core() == nullptr) {
        return Failure{code::kNotOpen, "no Python is open in this process: call inlineOpen first and await it"};
    }
    if (!arena_.reserve(request.max_record_bytes)) {
        return Failure{code::kMemory, "the system refuses " + std::to_string(request.max_record_bytes) +
                                          " bytes of address space for a record: lower maxRecordBytes"};
    }
    append_varint(job.records, request.batch.sequence);
    append_varint(job.records, 0);
    append_varint(job.records, request.batch.programs.size());
    for (const tm_program& program : request.batch.programs) {
        if (job.cancelled) return cancelled();
        if (!run_program(job, request, program)) {
            return Failure{code::kMemory, "the records of one batch exceed 4 GiB: use smaller batches"};
        }
    }
    if (job.cancelled) return cancelled();
    return std::nullopt;
}

bool InlineEngine::run_program(Job& job, const RunRequest& request, const tm_program& program) {
    const tm_core* core = python_.core();
    tm_arena arena = arena_.view();
    tm_progress progress{};
    Running running{&job, &progress, core, std::nullopt, request.options.max_recording_ns};
    if (request.timeout.count() > 0) running.deadline = Clock::now() + request.timeout;

    set_running(running);
    core->run(&program, &request.options, &arena, &progress);
    // From here on nobody touches `progress`.
    set_running(std::nullopt);

    const bool fits = job.records.size() + 1 + arena.committed + format::kMaxVarintSize <= kMostResultBytes;
    if (fits) {
        job.records.push_back(static_cast<uint8_t>(wire::Tier::kNone));
        append_varint(job.records, arena.committed);
        job.records.insert(job.records.end(), arena.base, arena.base + arena.committed);
    }
    arena_.release(arena.committed);
    return fits;
}

void InlineEngine::set_running(std::optional<Running> running) {
    std::unique_lock lock(mutex_);
    running_ = exiting_ ? std::nullopt : running;
    if (exiting_) {
        stopped_.notify_all();
        for (;;) work_.wait(lock);  // the process ends under this thread (rule 7)
    }
    if (!running_) return;
    // Programs mostly end long before their deadline: the watchdog is woken only when it would sleep past this one.
    const bool asleep_too_long = running_->deadline && (!watchdog_wakes_ || *running_->deadline < *watchdog_wakes_);
    if (asleep_too_long || running_->job->cancelled) watch_.notify_one();
}

std::optional<InlineEngine::Clock::time_point> InlineEngine::deadline() const {
    if (!running_ || !running_->deadline) return std::nullopt;
    const uint64_t extension =
        interface::extension_ns(*running_->progress, interface::clock_ns(), running_->max_recording_ns);
    return *running_->deadline + std::chrono::nanoseconds(extension);
}

bool InlineEngine::must_stop(Clock::time_point now) const {
    return exiting_ || running_->job->cancelled || (running_->deadline && now >= *deadline());
}

const tm_core& InlineEngine::mark_stopped(Clock::time_point now) {
    tm_progress& progress = *running_->progress;
    if (running_->deadline && now >= *deadline()) {
        const bool recorded =
            interface::ended_by_recording(progress, interface::clock_ns(), running_->max_recording_ns);
        const auto limit = recorded ? format::Status::kRecordLimit : format::Status::kTimeout;
        uint32_t none = 0;
        std::atomic_ref(progress.limit).compare_exchange_strong(none, static_cast<uint32_t>(limit));
    }
    std::atomic_ref(progress.interrupt).store(1);
    return *running_->core;
}

void InlineEngine::watchdog_thread() {
    std::unique_lock lock(mutex_);
    for (;;) {
        const Clock::time_point now = Clock::now();
        if (running_ && must_stop(now)) {
            const tm_core& core = mark_stopped(now);
            // Without the lock: this waits for the GIL, which code stuck in C does not give up. A program that is
            // started meanwhile is safe, because its own `interrupt` is not set.
            lock.unlock();
            core.interrupt();
            lock.lock();
            watchdog_wakes_ = Clock::now() + kStopInterval;
        } else {
            watchdog_wakes_ = deadline();
        }
        if (watchdog_wakes_) {
            watch_.wait_until(lock, *watchdog_wakes_);
        } else {
            watch_.wait(lock);
        }
    }
}

void InlineEngine::stop_for_exit() {
    std::unique_lock lock(mutex_);
    exiting_ = true;
    watch_.notify_one();
    stopped_.wait_for(lock, kExitPatience, [this] { return !running_; });
}

}  // namespace tracemill::binding
