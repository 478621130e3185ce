#include "binding/inline_binding.h"

#include <memory>
#include <string>
#include <string_view>

#include "binding/args.h"
#include "binding/errors.h"
#include "binding/inline_engine.h"
#include "binding/inline_port.h"
#include "binding/instance_data.h"

namespace tracemill::binding {

namespace {

constexpr uint64_t kBytesPerMegabyte = uint64_t{1} << 20;
constexpr uint64_t kLeastRecordBytes = uint64_t{1} << 16;
constexpr uint64_t kMostRecordBytes = (uint64_t{1} << 32) - 1;
constexpr uint64_t kMostTimeoutMs = uint64_t{1} << 40;  // 34 years: added to the clock without overflow

InlinePort& port_of(Napi::Env env) {
    InstanceData& data = InstanceData::of(env);
    if (!data.port) data.port = InlinePort::make(env);
    return *data.port;
}

tm_options read_options(const Napi::Object& object) {
    tm_options options{};
    options.max_events = args::integer_field(object, "maxEvents");
    options.max_output_bytes = args::integer_field(object, "maxOutputBytes");
    options.max_memory_bytes =
        args::integer_field(object, "memoryMb", 0, args::kMaxSafeInteger / kBytesPerMegabyte) * kBytesPerMegabyte;
    options.max_recorder_bytes =
        args::integer_field(object, "recordMemoryMb", 0, args::kMaxSafeInteger / kBytesPerMegabyte) * kBytesPerMegabyte;
    options.max_recording_ns = args::integer_field(object, "recordTimeMs", 1, kMostTimeoutMs) * 1'000'000;
    options.max_value_chars = args::integer_field(object, "maxValueChars");
    options.seed = args::integer_field(object, "seed");
    // In the order of tm_scope, tm_objects, tm_threads and tm_mode.
    options.scope = args::choice_field(object, "scope", {"program", "entry", "all"});
    options.objects = args::choice_field(object, "objects", {"fields", "repr"});
    options.mode = args::choice_field(object, "mode", {"trace", "untraced", "empty-hook"});
    options.timings = args::boolean_field(object, "timings") ? 1 : 0;
    options.show_module_values = args::boolean_field(object, "showModuleValues") ? 1 : 0;
    options.threads = args::choice_field(object, "threads", {"all", "main"});
    options.skip_loops = args::choice_field(object, "loops", {"all", "skip"});
    options.loop_head = args::integer_field(object, "loopHead", 1, args::kMaxSafeInteger);
    options.loop_tail = args::integer_field(object, "loopTail", 1, args::kMaxSafeInteger);
    options.trusted = 1;
    options.tier = TM_TIER_ALONE;
    return options;
}

}  // namespace

Napi::Value inline_open(const Napi::CallbackInfo& info) {
    const Napi::Object object = args::object(info, 0, "options");
    OpenRequest request;
    request.executable = args::text_field(object, "executable");
    request.libpython = args::text_field(object, "libpython");
    request.core = args::text_field(object, "core");
    request.preload = args::texts_field(object, "preload");
    request.site = args::boolean_field(object, "site");
    request.deepbind = args::boolean_field_or(object, "deepbind", true);
    for (const std::string* path : {&request.executable, &request.libpython, &request.core}) {
        if (!path->starts_with('/')) throw argument_error(info.Env(), "\"" + *path + "\" must be an absolute path");
    }
    auto job = std::make_shared<Job>();
    job->request = std::move(request);
    return port_of(info.Env()).submit(info.Env(), std::move(job));
}

Napi::Value inline_run(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const Napi::Object object = args::object(info, 1, "options");
    RunRequest request;
    request.options = read_options(object);
    request.timeout = std::chrono::milliseconds(args::integer_field(object, "timeoutMs", 0, kMostTimeoutMs));
    request.max_record_bytes = args::integer_field(object, "maxRecordBytes", kLeastRecordBytes, kMostRecordBytes);
    // Last, because reading the options may run JavaScript. Copied: the caller may change its bytes afterwards.
    const std::string_view bytes = args::bytes(info, 0, "batch");
    request.payload.assign(bytes.begin(), bytes.end());

    auto job = std::make_shared<Job>();
    RunRequest& kept = job->request.emplace<RunRequest>(std::move(request));
    std::string problem;
    if (!wire::decode_batch({kept.payload.data(), kept.payload.size()}, kept.batch, problem)) {
        throw make_error(env, {code::kBadBatch, problem});
    }
    Napi::Object handle = Napi::Object::New(env);
    handle.Set("promise", port_of(env).submit(env, job));
    const auto cancel = [job = std::weak_ptr(job)](const Napi::CallbackInfo&) {
        if (const std::shared_ptr<Job> alive = job.lock()) InlineEngine::instance().cancel(alive);
    };
    handle.Set("cancel", Napi::Function::New(env, cancel, "cancel"));
    return handle;
}

}  // namespace tracemill::binding
