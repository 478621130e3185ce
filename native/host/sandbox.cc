#include "host/sandbox.h"

#include "host/sandbox_limits.h"
#include "host/sandbox_namespaces.h"
#include "host/sandbox_privileges.h"
#include "host/sandbox_syscalls.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tracemill::host {

namespace {

// What an executor enters, in this order; the others repeat what these hold.
constexpr std::array kEssential = {kCapabilities, kNoNewPrivileges, kResourceLimits, kLandlock, kSeccomp};
// Of no executor; writing must be possible under the filter.
constexpr OwnDescriptors kNoDescriptors{.control_socket = -1};

const char* name_of(Layer layer) {
    switch (layer) {
        case kCapabilities:
            return "dropped capabilities";
        case kNoNewPrivileges:
            return "no new privileges";
        case kResourceLimits:
            return "resource limits";
        case kLandlock:
            return "Landlock";
        case kSeccomp:
            return "seccomp";
        case kNamespaces:
            return "namespaces";
        case kOtherUser:
            return "other user";
        case kOwnFiles:
            return "files of its own";
    }
    return "";
}

// What programs and the recorder may take together, 0 = unbounded. The recorder's own heap is mapped from the start.
uint64_t address_space_for(const tm_options& options) {
    const bool bounded = options.max_memory_bytes != 0 && options.max_recorder_bytes != 0;
    return bounded ? options.max_memory_bytes + options.max_recorder_bytes : 0;
}

// What must not disappear where it happens to lie in a folder that programs have for themselves.
std::vector<std::string> needed_files(const Configuration& configuration) {
    std::vector<std::string> paths = configuration.readable;
    paths.insert(paths.end(), {configuration.core_library, configuration.libpython, configuration.executable});
    return paths;
}

int error_unless(bool done) { return done ? 0 : errno; }

}  // namespace

Sandbox::Sandbox(const Configuration& configuration)
    : memory_bytes_(address_space_for(configuration.options)), scratch_bytes_(configuration.scratch_bytes),
      namespaces_missing_(enter_namespaces()), files_(scratch_bytes_, needed_files(configuration)),
      landlock_(configuration.readable), report_{kOtherUser, geteuid(), landlock_.version(), {}} {
    if (namespaces_missing_.empty())
        report_.layers |= kNamespaces;
    else
        report_.missing.push_back({kNamespaces, namespaces_missing_});
    if (report_.uid == 0) {
        if (nobody_can_read(configuration.readable)) {
            report_.uid = kNobody;
        } else {
            report_.layers &= ~uint32_t{kOtherUser};
            report_.missing.push_back({kOtherUser, "nobody cannot read the Python installation"});
        }
    }
    prepare_files();
    probe();
    // Nor can an executor look into the supervisor's memory, where nothing else forbids it.
    prctl(PR_SET_DUMPABLE, 0);
    if (configuration.require_sandbox) require_essentials();
    if (scratch_bytes_ != 0) require_what_scratch_needs();
}

void Sandbox::prepare_files() {
    if (files_.exists()) {
        report_.layers |= kOwnFiles;
        files_.give_to(report_.uid);
        landlock_.allow(kProgramFolder, files_.has_scratch());
        if (files_.has_scratch()) landlock_.allow(kTemporaryFolder, true);
    } else {
        report_.missing.push_back({kOwnFiles, files_.missing()});
    }
}

int Sandbox::apply(Layer layer, uint64_t file_bytes, const OwnDescriptors& own) const {
    switch (layer) {
        case kCapabilities:
            return error_unless(drop_capabilities());
        case kNoNewPrivileges:
            return error_unless(refuse_new_privileges());
        case kResourceLimits:
            return error_unless(limit_resources(memory_bytes_, std::max(file_bytes, scratch_bytes_)));
        case kLandlock:
            return error_unless(landlock_.enforce());
        case kSeccomp:
            return error_unless(program_syscalls({.self = getpid(),
                                                  .own = own,
                                                  .files_may_be_code = holds(kLandlock),
                                                  .files_may_change = files_.has_scratch()})
                                    .install());
        case kNamespaces:
        case kOtherUser:
        case kOwnFiles:
            break;
    }
    return 0;
}

bool Sandbox::change_user() const { return geteuid() == report_.uid || become_nobody(); }

// A child enters the layers for good and says how it went.
void Sandbox::probe() {
    std::array<int, kEssential.size()> errors;
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error(std::string("pipe: ") + strerror(errno));
    pid_t child = fork();
    if (child == 0) {
        if (!change_user()) _exit(1);
        for (size_t i = 0; i < errors.size(); i++) errors[i] = apply(kEssential[i], 0, kNoDescriptors);
        ssize_t told = write(ends[1], errors.data(), sizeof errors);
        _exit(told == sizeof errors ? 0 : 1);
    }
    int fork_error = errno;
    close(ends[1]);
    ssize_t got = child > 0 ? read(ends[0], errors.data(), sizeof errors) : -1;
    close(ends[0]);
    while (child > 0 && waitpid(child, nullptr, 0) < 0 && errno == EINTR)
        ;
    if (child < 0) throw std::runtime_error(std::string("fork: ") + strerror(fork_error));
    if (got != sizeof errors) throw std::runtime_error("a process does not survive its sandbox");
    for (size_t i = 0; i < errors.size(); i++)
        if (errors[i] == 0)
            report_.layers |= kEssential[i];
        else
            report_.missing.push_back({kEssential[i], strerror(errors[i])});
}

void Sandbox::require_essentials() const {
    for (const auto& [layer, reason] : report_.missing)
        if (std::find(kEssential.begin(), kEssential.end(), layer) != kEssential.end())
            throw std::runtime_error(std::string("the sandbox is required, and this machine has no ") + name_of(layer) +
                                     " (" + reason + ")");
}

// What keeps programs from writing anywhere else.
void Sandbox::require_what_scratch_needs() const {
    for (const auto& [layer, reason] : report_.missing)
        if (layer == kOwnFiles || layer == kLandlock || layer == kSeccomp)
            throw std::runtime_error(std::string("a scratch directory needs ") + name_of(layer) +
                                     ", and this machine has none (" + reason + "). Fix: leave --scratch-mb out");
}

bool Sandbox::enter(uint64_t file_bytes, std::string& error) const {
    if (!change_user()) {
        error = std::string("cannot become nobody: ") + strerror(errno);
        return false;
    }
    for (Layer layer : kEssential) {
        int failure = layer != kSeccomp && holds(layer) ? apply(layer, file_bytes, kNoDescriptors) : 0;
        if (failure == 0) continue;
        error = std::string(name_of(layer)) + ": " + strerror(failure);
        return false;
    }
    return true;
}

bool Sandbox::lock_system_calls(const OwnDescriptors& own, std::string& error) const {
    int failure = holds(kSeccomp) ? apply(kSeccomp, 0, own) : 0;
    if (failure != 0) error = std::string(name_of(kSeccomp)) + ": " + strerror(failure);
    return failure == 0;
}

}  // namespace tracemill::host
