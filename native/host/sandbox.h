// What an executor gives up before it runs the first program: the wall around programs. Python's audit events, which
// make refusals readable, are no part of it. A kernel may lack layers; what holds is tried once and reported.
#pragma once

#include "host/configuration.h"
#include "host/file_tree.h"
#include "host/sandbox_landlock.h"
#include "host/sandbox_syscalls.h"

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace tracemill::host {

// Bits, as kReady carries them.
enum Layer : uint32_t {
    kCapabilities = 1 << 0,  // none left
    kNoNewPrivileges = 1 << 1,
    kResourceLimits = 1 << 2,
    kLandlock = 1 << 3,
    kSeccomp = 1 << 4,
    kNamespaces = 1 << 5,  // repeats what other layers hold
    kOtherUser = 1 << 6,   // not root's; likewise
    kOwnFiles = 1 << 7,    // folders of programs' own (file_tree.h): keeps nothing in
};

struct MissingLayer {
    Layer layer;
    std::string reason;
};

struct SandboxReport {
    uint32_t layers;  // that hold
    uid_t uid;        // that programs run as
    int landlock_version;
    std::vector<MissingLayer> missing;
};

class Sandbox {
  public:
    // In the supervisor, while it has one thread: enters namespaces, and forks to find out which layers hold. Throws
    // std::runtime_error, also for a missing layer when the configuration requires them; those that only repeat
    // others are never required.
    explicit Sandbox(const Configuration& configuration);

    const SandboxReport& report() const { return report_; }
    bool holds(Layer layer) const { return report_.layers & layer; }

    const FileTree& files() const { return files_; }

    // Both in an executor, in this order; false with `error` set when a layer that held before does not.
    // Everything but the system call filter; files may grow to `file_bytes`. Clears the parent-death signal.
    bool enter(uint64_t file_bytes, std::string& error) const;
    // Last: what it refuses includes most of what setting up a process takes.
    bool lock_system_calls(const OwnDescriptors& own, std::string& error) const;

  private:
    // 0 or an errno.
    int apply(Layer layer, uint64_t file_bytes, const OwnDescriptors& own) const;
    // False with errno set.
    bool change_user() const;
    void prepare_files();
    void probe();
    void require_essentials() const;
    void require_what_scratch_needs() const;

    const uint64_t memory_bytes_;
    const uint64_t scratch_bytes_;
    std::string namespaces_missing_;
    FileTree files_;
    LandlockRules landlock_;
    SandboxReport report_;
};

}  // namespace tracemill::host
