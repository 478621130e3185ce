#include "host/file_tree.h"

#include "host/empty_folder.h"
#include "host/mounts.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace tracemill::host {

namespace {

constexpr mode_t kFileMode = 0644;
constexpr mode_t kFolderMode = 0755;
constexpr mode_t kUsualMask = 022;

bool is_below(const std::string& path, const std::string& folder) { return path.starts_with(folder + "/"); }

[[noreturn]] void fail(const char* what) {
    throw std::runtime_error(std::string("cannot prepare the folders of programs: ") + what + ": " + strerror(errno));
}

// "a" of /tmp/a/b
std::string first_below(const std::string& path, const std::string& folder) {
    const std::string rest = path.substr(folder.size() + 1);
    return rest.substr(0, rest.find('/'));
}

}  // namespace

FileTree::FileTree(uint64_t scratch_bytes, const std::vector<std::string>& needed) : scratch_bytes_(scratch_bytes) {
    missing_ = build(needed);
    if (exists()) give_to(geteuid());
}

std::string FileTree::build(const std::vector<std::string>& needed) {
    for (const std::string& path : needed)
        if (is_below(path, kProgramFolder)) return "the Python installation is where a program's file would be";
    std::vector<std::string> again;
    for (const std::string& path : needed)
        if (scratch_bytes_ != 0 && is_below(path, kTemporaryFolder)) again.push_back(path);
    for (const std::string& path : again) kept_.push_back(first_below(path, kTemporaryFolder));
    // The program's file takes a part of the scratch directory.
    return enter_mount_namespace({.program_folder = kProgramFolder,
                                  .temporary_folder = scratch_bytes_ != 0 ? kTemporaryFolder : "",
                                  .bytes = scratch_bytes_ != 0 ? scratch_bytes_ : kLargestProgramFile,
                                  .shown_in_temporary_folder = again});
}

void FileTree::give_to(uid_t user) {
    owner_ = user;
    renew();
}

void FileTree::renew() const {
    if (!empty_folder(kProgramFolder, {}) || (has_scratch() && !empty_folder(kTemporaryFolder, kept_)))
        fail("removing what an earlier program wrote");
    const int file = open(kProgramFile, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode);
    if (file < 0) fail("making the program's file");
    const gid_t group = owner_ == geteuid() ? getegid() : static_cast<gid_t>(owner_);
    bool given = true;
    if (has_scratch()) {
        given = fchown(file, owner_, group) == 0 && chown(kProgramFolder, owner_, group) == 0;
        given = given && chmod(kProgramFolder, kFolderMode) == 0 && chmod(kTemporaryFolder, S_ISVTX | 0777) == 0;
    }
    given = given && fchmod(file, kFileMode) == 0;
    close(file);
    if (!given) fail("giving them to the user that programs run as");
}

int FileTree::open_program_file() const { return open(kProgramFile, O_RDWR | O_TRUNC | O_CLOEXEC | O_NOFOLLOW); }

bool FileTree::enter() const {
    umask(kUsualMask);
    return chdir(exists() ? kProgramFolder : "/") == 0;
}

bool FileTree::tidy(int program_file) const {
    if (!has_scratch()) return true;
    struct stat ours {};
    struct stat there {};
    if (fstat(program_file, &ours) != 0 || lstat(kProgramFile, &there) != 0 || ours.st_ino != there.st_ino ||
        ours.st_dev != there.st_dev || ours.st_nlink != 1)
        return false;
    const std::string name = std::string(kProgramFile).substr(sizeof kProgramFolder);
    return fchmod(program_file, kFileMode) == 0 && chmod(kProgramFolder, kFolderMode) == 0 &&
           empty_folder(kProgramFolder, {name}) && empty_folder(kTemporaryFolder, kept_) && enter();
}

}  // namespace tracemill::host
