#include "host/sandbox_landlock.h"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tracemill::host {

namespace {

// The kernel's interface, written out: headers older than the running kernel lack most of it.
struct RulesetAttributes {
    uint64_t files;
    uint64_t network;  // from version 4
    uint64_t scoped;   // from version 6
};
struct __attribute__((packed)) PathRule {
    uint64_t allowed;
    int32_t parent;
};
constexpr int kSysCreateRuleset = 444;
constexpr int kSysAddRule = 445;
constexpr int kSysRestrictSelf = 446;
constexpr unsigned kAskVersion = 1;
constexpr int kRulePathBeneath = 1;
constexpr uint64_t kReadFile = 1 << 2;
constexpr uint64_t kReadFolder = 1 << 3;
// Write, remove folders and files, make folders, files and symbolic links, move between folders, truncate.
constexpr uint64_t kChanges = 1 << 1 | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | 1 << 12 | 1 << 13 | 1 << 14;

// All rights that a version knows: execute, write, read, and every change to folders.
uint64_t all_file_rights(int version) {
    if (version >= 5) return (1 << 16) - 1;  // ioctl on devices
    if (version >= 3) return (1 << 15) - 1;  // truncate
    if (version >= 2) return (1 << 14) - 1;  // move between folders
    return (1 << 13) - 1;
}

}  // namespace

LandlockRules::LandlockRules(const std::vector<std::string>& readable) {
    long version = syscall(kSysCreateRuleset, nullptr, 0, kAskVersion);
    if (version < 1) {
        error_ = version < 0 ? errno : ENOSYS;
        return;
    }
    version_ = static_cast<int>(version);
    RulesetAttributes attributes{all_file_rights(version_), 0, 0};
    size_t size = sizeof attributes.files;
    if (version_ >= 4) {
        attributes.network = 3;  // bind and connect over TCP
        size += sizeof attributes.network;
    }
    if (version_ >= 6) {
        attributes.scoped = 3;  // abstract sockets and signals of processes outside
        size += sizeof attributes.scoped;
    }
    rules_ = static_cast<int>(syscall(kSysCreateRuleset, &attributes, size, 0));
    if (rules_ < 0) {
        error_ = errno;
        return;
    }
    for (const std::string& path : readable) add(path, kReadFile | kReadFolder);
}

LandlockRules::~LandlockRules() {
    if (rules_ >= 0) close(rules_);
}

void LandlockRules::allow(const char* folder, bool writable) {
    if (rules_ < 0) return;
    add(folder, kReadFile | kReadFolder | (writable ? kChanges & all_file_rights(version_) : 0));
}

void LandlockRules::add(const std::string& path, uint64_t rights_in_folder) {
    int place = open(path.c_str(), O_PATH | O_CLOEXEC);
    if (place < 0 && (errno == ENOENT || errno == ENOTDIR || errno == EACCES)) return;
    struct stat status;
    bool added = place >= 0 && fstat(place, &status) == 0;
    if (added) {
        PathRule rule{S_ISDIR(status.st_mode) ? rights_in_folder : kReadFile, place};
        added = syscall(kSysAddRule, rules_, kRulePathBeneath, &rule, 0) == 0;
    }
    int error = errno;
    if (place >= 0) close(place);
    if (!added) throw std::runtime_error("cannot make " + path + " readable for programs: " + strerror(error));
}

bool LandlockRules::enforce() const {
    if (rules_ >= 0) return syscall(kSysRestrictSelf, rules_, 0) == 0;
    errno = error_;
    return false;
}

}  // namespace tracemill::host
