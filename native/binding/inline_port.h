// Brings finished jobs from the engine's thread to the JavaScript thread that asked for them: one port per environment
// (the main thread or a worker thread). An environment can end at any moment, in the middle of a program too, and the
// rules below are what keeps that from crashing or hanging. Cited by number where they are applied; each has a test in
// test/native/inline-lifetime.test.ts.
//
//  1. Napi values, deferreds and references are touched on their environment's thread only. Other threads hand over a
//     Job, which holds none, and wake the thread.
//  2. The engine belongs to the process, not to an environment: it is never destroyed, its threads are never joined,
//     Python is never finalised and the addon is never unloaded. Whichever environment opened Python may end first.
//  3. Other threads use the thread-safe function only under the port's lock and only while it is open. The cleanup hook
//     closes it under that lock, and is added after the function was made, so that it runs before Node destroys it.
//  4. An environment that ends cancels its jobs and does not wait for them: the running program is interrupted and its
//     memory belongs to the job, so another environment's jobs follow as soon as Python is free.
//  5. A wake-up may arrive without an environment, or in one that can no longer run JavaScript: then nothing is made
//     and nothing is thrown, and the deferreds are dropped.
//  6. The thread-safe function keeps the event loop alive exactly while jobs are pending.
//  7. When the process exits, the running program is interrupted, and Python's thread stays parked from then on, so
//  that
//     libraries are not torn down under it. A program that cannot be interrupted delays the exit by a bounded time.
//  8. What JavaScript gets is its own memory (napi_create_arraybuffer), so it can be transferred and outlive everything
//     here.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "binding/inline_job.h"
#include "binding/napi_setup.h"

namespace tracemill::binding {

class InlinePort final : public Recipient, public std::enable_shared_from_this<InlinePort> {
  public:
    // On the environment's thread. Throws Napi::Error.
    static std::shared_ptr<InlinePort> make(Napi::Env env);

    // On the environment's thread: gives `job` to the engine, and answers its promise.
    Napi::Value submit(Napi::Env env, std::shared_ptr<Job> job);
    // Any thread.
    void deliver(std::shared_ptr<Job> job) override;

  private:
    struct Pending {
        std::shared_ptr<Job> job;
        Napi::Promise::Deferred deferred;
    };

    static void on_wake(napi_env env, napi_value callback, void* port, void* data);
    static void on_cleanup(void* port);

    void settle_finished(Napi::Env env);
    void close();

    std::mutex mutex_;
    // Guarded by the mutex.
    napi_threadsafe_function wake_ = nullptr;  // null once closed
    std::vector<std::shared_ptr<Job>> finished_;

    // The environment's thread only.
    std::unordered_map<uint64_t, Pending> pending_;
    uint64_t next_number_ = 0;
};

}  // namespace tracemill::binding
