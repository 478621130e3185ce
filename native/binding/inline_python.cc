#include "binding/inline_python.h"

#include <dlfcn.h>

#include <vector>

namespace tracemill::binding {

namespace {

constexpr size_t kErrorSize = 1024;

std::string dlopen_problem() {
    const char* problem = dlerror();
    return problem != nullptr ? problem : "unknown reason";
}

std::optional<Failure> initialize(const OpenRequest& request, const tm_core& core) {
    std::vector<const char*> preload;
    for (const std::string& module : request.preload) preload.push_back(module.c_str());
    tm_runtime runtime{};
    runtime.executable = request.executable.c_str();
    runtime.site_import = request.site ? 1 : 0;
    runtime.deepbind = request.deepbind ? 1 : 0;
    runtime.preload = preload.data();
    runtime.preload_count = preload.size();
    char error[kErrorSize] = "";
    if (core.initialize(&runtime, error, sizeof error) == 0) return std::nullopt;
    return Failure{code::kOpen, "Python of " + request.executable + " did not start: " + error};
}

}  // namespace

std::optional<Failure> InlinePython::load(const OpenRequest& request, const tm_core*& core) {
    if (!libpython_.empty() && libpython_ != request.libpython) {
        return Failure{code::kOpened, "this process has already loaded " + libpython_ +
                                          " and can hold one Python only: start a new process for " +
                                          request.libpython};
    }
    // Extension modules need to see libpython's symbols, and Python must not be given Node's zlib and OpenSSL.
    const int how = RTLD_NOW | RTLD_GLOBAL | (request.deepbind ? RTLD_DEEPBIND : 0);
    if (dlopen(request.libpython.c_str(), how) == nullptr) {
        return Failure{code::kOpen, "libpython cannot be opened: " + dlopen_problem()};
    }
    libpython_ = request.libpython;
    void* handle = dlopen(request.core.c_str(), how);
    if (handle == nullptr) {
        return Failure{code::kOpen, "the core cannot be opened: " + dlopen_problem() +
                                        "; build it for this Python with `npm run build:native`"};
    }
    const auto entry = reinterpret_cast<const tm_core* (*)()>(dlsym(handle, "tracemill_core"));
    if (entry == nullptr) return Failure{code::kOpen, request.core + " is not a core of this package"};
    core = entry();
    if (core->abi != TM_CORE_ABI) {
        return Failure{code::kOpen, request.core + " has interface version " + std::to_string(core->abi) +
                                        " and the addon " + std::to_string(TM_CORE_ABI) +
                                        ": build both with `npm run build:native`"};
    }
    return std::nullopt;
}

std::optional<Failure> InlinePython::open(const OpenRequest& request) {
    if (core_ != nullptr) {
        if (request == opened_) return std::nullopt;
        return Failure{code::kOpened, std::string("this process has already opened Python ") + core_->python_version() +
                                          " (" + opened_.executable + ", " + opened_.libpython +
                                          ") and can hold one Python with one set of preloaded modules only: use the "
                                          "same options everywhere, or an isolation other than inline"};
    }
    if (!broken_.empty()) return Failure{code::kOpen, broken_ + " (an earlier attempt in this process)"};
    const tm_core* core = nullptr;
    if (std::optional<Failure> failure = load(request, core)) return failure;
    if (std::optional<Failure> failure = initialize(request, *core)) {
        broken_ = failure->message;
        return failure;
    }
    core_ = core;
    opened_ = request;
    return std::nullopt;
}

}  // namespace tracemill::binding
