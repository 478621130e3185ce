#include "binding/inline_port.h"

#include <cstring>
#include <utility>

#include "binding/errors.h"
#include "binding/inline_engine.h"

namespace tracemill::binding {

namespace {

using SharedPort = std::shared_ptr<InlinePort>;

void check(napi_env env, napi_status status) {
    if (status != napi_ok) throw Napi::Error::New(env);
}

// Copies: rule 8.
Napi::Value to_value(Napi::Env env, const Job& job) {
    if (std::holds_alternative<OpenRequest>(job.request)) {
        Napi::Object opened = Napi::Object::New(env);
        opened.Set("version", Napi::String::New(env, job.version));
        return opened;
    }
    Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env, job.records.size());
    std::memcpy(buffer.Data(), job.records.data(), job.records.size());
    return buffer;
}

}  // namespace

std::shared_ptr<InlinePort> InlinePort::make(Napi::Env env) {
    auto port = std::make_shared<InlinePort>();
    // Dropped by Node when the function is gone; until then on_wake may still be called with the port.
    auto* held = new SharedPort(port);
    const napi_finalize drop = [](napi_env, void* data, void*) { delete static_cast<SharedPort*>(data); };
    const napi_value name = Napi::String::New(env, "tracemill inline");
    const napi_status made = napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, held, drop, port.get(),
                                                             on_wake, &port->wake_);
    if (made != napi_ok) delete held;
    check(env, made);
    check(env, napi_unref_threadsafe_function(env, port->wake_));  // rule 6
    // Rule 3: after the function. The hook runs while `held` exists, because the function lives until then.
    check(env, napi_add_env_cleanup_hook(env, on_cleanup, port.get()));
    return port;
}

Napi::Value InlinePort::submit(Napi::Env env, std::shared_ptr<Job> job) {
    job->recipient = shared_from_this();
    job->number = next_number_++;
    const auto deferred = Napi::Promise::Deferred::New(env);
    if (std::optional<Failure> failure = InlineEngine::instance().submit(job)) throw make_error(env, *failure);
    if (pending_.empty()) check(env, napi_ref_threadsafe_function(env, wake_));  // rule 6
    const uint64_t number = job->number;
    pending_.emplace(number, Pending{std::move(job), deferred});
    return deferred.Promise();
}

void InlinePort::deliver(std::shared_ptr<Job> job) {
    const std::lock_guard lock(mutex_);
    if (wake_ == nullptr) return;  // rule 3
    finished_.push_back(std::move(job));
    napi_call_threadsafe_function(wake_, nullptr, napi_tsfn_nonblocking);
}

void InlinePort::on_wake(napi_env raw_env, napi_value, void* port, void*) {
    if (raw_env == nullptr) return;  // rule 5
    const Napi::Env env(raw_env);
    const Napi::HandleScope scope(env);
    try {
        static_cast<InlinePort*>(port)->settle_finished(env);
    } catch (const std::exception&) {
        // Rule 5: the thread is being terminated, and its promises with it.
    }
}

void InlinePort::settle_finished(Napi::Env env) {
    std::vector<std::shared_ptr<Job>> finished;
    {
        const std::lock_guard lock(mutex_);
        finished.swap(finished_);
    }
    for (const std::shared_ptr<Job>& job : finished) {
        auto found = pending_.extract(job->number);
        if (found.empty()) continue;
        if (pending_.empty()) check(env, napi_unref_threadsafe_function(env, wake_));  // rule 6
        const Napi::HandleScope scope(env);
        const Napi::Promise::Deferred& deferred = found.mapped().deferred;
        if (job->failure) {
            deferred.Reject(make_error(env, *job->failure).Value());
        } else {
            deferred.Resolve(to_value(env, *job));
        }
    }
}

void InlinePort::on_cleanup(void* port) { static_cast<InlinePort*>(port)->close(); }

void InlinePort::close() {
    {
        const std::lock_guard lock(mutex_);
        napi_release_threadsafe_function(std::exchange(wake_, nullptr), napi_tsfn_abort);  // rule 3
        finished_.clear();
    }
    // Rule 4. Rule 5: the deferreds go with `pending`.
    const auto pending = std::exchange(pending_, {});
    for (const auto& [number, job] : pending) InlineEngine::instance().cancel(job.job);
}

}  // namespace tracemill::binding
