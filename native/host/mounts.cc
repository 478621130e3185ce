#include "host/mounts.h"

#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tracemill::host {

namespace {

// Is on every Linux, and covered only until the new root is in place.
constexpr char kBase[] = "/tmp";
constexpr char kSource[] = "/.own";
// Without `noexec` a program could write machine code and map it.
constexpr unsigned long kHarmless = MS_NOSUID | MS_NODEV | MS_NOEXEC;
constexpr uint64_t kMostFiles = 10'000;

// Written out: headers older than the running kernel lack it.
struct MountAttributes {
    uint64_t set;
    uint64_t clear;
    uint64_t propagation;
    uint64_t user_namespace;
};
constexpr int kSysMountSetattr = 442;
constexpr uint64_t kReadOnly = 1;
constexpr unsigned kRecursive = 0x8000;
constexpr int kSysOpenTree = 428;
constexpr int kSysMoveMount = 429;
constexpr unsigned kCopy = 1;
constexpr unsigned kFromDescriptor = 4;

std::string in_base(const std::string& path) { return kBase + path; }

bool bind(const std::string& from, const std::string& to) {
    return mount(from.c_str(), to.c_str(), nullptr, MS_BIND | MS_REC, nullptr) == 0;
}

bool make_folders(const std::string& path) {
    for (size_t end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1))
        if (mkdir(path.substr(0, end).c_str(), 0755) != 0 && errno != EEXIST) return false;
    return mkdir(path.c_str(), 0755) == 0 || errno == EEXIST;
}

bool make_file(const std::string& path) {
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (file >= 0) close(file);
    return file >= 0;
}

// One entry of the machine's root, under the new one. `covered` is a copy of what the new root covers.
bool show(const std::string& name, int covered, const OwnFolders& own) {
    const std::string path = "/" + name;
    if (path == kBase) {
        if (mkdir(in_base(path).c_str(), 0755) != 0) return false;
        return path == own.temporary_folder ||
               syscall(kSysMoveMount, covered, "", AT_FDCWD, in_base(path).c_str(), kFromDescriptor) == 0;
    }
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0) return errno == ENOENT;
    if (S_ISLNK(status.st_mode)) {
        char target[4096];
        const ssize_t size = readlink(path.c_str(), target, sizeof target - 1);
        if (size < 0) return false;
        target[size] = 0;
        return symlink(target, in_base(path).c_str()) == 0;
    }
    if (!S_ISDIR(status.st_mode))
        return !S_ISREG(status.st_mode) || (make_file(in_base(path)) && bind(path, in_base(path)));
    if (mkdir(in_base(path).c_str(), 0755) != 0 && errno != EEXIST) return false;
    return path == own.temporary_folder || bind(path, in_base(path));
}

bool show_machine(int covered, const OwnFolders& own) {
    DIR* root = opendir("/");
    if (!root) return false;
    bool done = true;
    while (dirent* entry = done ? readdir(root) : nullptr) {
        const std::string name = entry->d_name;
        if (name != "." && name != ".." && "/" + name != own.program_folder) done = show(name, covered, own);
    }
    const int error = errno;
    closedir(root);
    errno = error;
    return done;
}

bool make_read_only(const char* path) {
    MountAttributes attributes{kReadOnly, 0, 0, 0};
    return syscall(kSysMountSetattr, AT_FDCWD, path, kRecursive, &attributes, sizeof attributes) == 0;
}

// Both folders are of one file system, so that one bound holds for both.
bool mount_own(int base, const OwnFolders& own) {
    const std::string limits =
        "mode=0755,size=" + std::to_string(own.bytes) + ",nr_inodes=" + std::to_string(kMostFiles);
    const std::string source = in_base(kSource);
    if (mount("tracemill", source.c_str(), "tmpfs", kHarmless, limits.c_str()) != 0) return false;
    for (const std::string& folder : {own.program_folder, own.temporary_folder}) {
        if (folder.empty()) continue;
        if (mkdir((source + folder).c_str(), 0755) != 0 || !bind(source + folder, in_base(folder))) return false;
    }
    const std::string machine = "/proc/self/fd/" + std::to_string(base);
    for (const std::string& path : own.shown_in_temporary_folder) {
        const std::string from = machine + path.substr(own.temporary_folder.size());
        struct stat status {};
        if (stat(from.c_str(), &status) != 0) continue;
        const std::string to = in_base(path);
        const bool made =
            S_ISDIR(status.st_mode) ? make_folders(to) : make_folders(to.substr(0, to.rfind('/'))) && make_file(to);
        if (!made || !bind(from, to) || !make_read_only(to.c_str())) return false;
    }
    return umount2(source.c_str(), MNT_DETACH) == 0;
}

bool change_root() {
    // The old root lies over the new one for a moment.
    return chdir(kBase) == 0 && syscall(SYS_pivot_root, ".", ".") == 0 && umount2(".", MNT_DETACH) == 0 &&
           chdir("/") == 0;
}

}  // namespace

std::string enter_mount_namespace(const OwnFolders& own) {
    const auto failed = [](const char* what) { return std::string(what) + ": " + strerror(errno); };
    if (unshare(CLONE_NEWNS) != 0) return failed("no mount namespace");
    if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return failed("mounts cannot be private");
    const int base = open(kBase, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (base < 0) return failed("no /tmp");
    // Before something is mounted there: whoever binds the folder later takes that along.
    const int covered = static_cast<int>(syscall(kSysOpenTree, AT_FDCWD, kBase, kCopy | kRecursive | O_CLOEXEC));
    const char* step = nullptr;
    bool mounted = false;
    if (covered < 0)
        step = "mounts cannot be copied";
    else if (!(mounted = mount("tracemill", kBase, "tmpfs", kHarmless, "mode=0755") == 0))
        step = "no file system in memory";
    else if (mkdir(in_base(kSource).c_str(), 0755) != 0 || mkdir(in_base(own.program_folder).c_str(), 0755) != 0 ||
             !show_machine(covered, own))
        step = "the machine's folders cannot be shown again";
    else if (!own.temporary_folder.empty() && !make_read_only(kBase))
        step = "the machine's files cannot be made read-only";
    else if (!mount_own(base, own))
        step = "no folders of its own";
    else if (!change_root())
        step = "the root cannot be changed";
    const std::string reason = step ? failed(step) : std::string();
    close(base);
    if (covered >= 0) close(covered);
    if (step && mounted) umount2(kBase, MNT_DETACH);
    return reason;
}

}  // namespace tracemill::host
