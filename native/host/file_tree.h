// The files that programs see: the machine's, with two folders of their own. /program holds the program's file and is
// where programs run; with a scratch directory they may write there and in /tmp. Both are a file system in memory,
// bounded in bytes and files, in a mount namespace of the supervisor's: nothing of it exists outside.
#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace tracemill::host {

inline constexpr char kProgramFolder[] = "/program";
inline constexpr char kProgramFile[] = "/program/program.py";
inline constexpr char kTemporaryFolder[] = "/tmp";
// Larger ones have no file, but `linecache` knows their text.
inline constexpr uint64_t kLargestProgramFile = 16u << 20;

class FileTree {
  public:
    // In the supervisor, while it has one thread and after it entered its other namespaces. `scratch_bytes` 0: programs
    // write nothing. What is `needed` below the folders that this hides stays there, read-only.
    FileTree(uint64_t scratch_bytes, const std::vector<std::string>& needed);

    // Why programs see the machine's files and nothing else; empty = they have folders of their own.
    const std::string& missing() const { return missing_; }
    bool exists() const { return missing_.empty(); }
    bool has_scratch() const { return exists() && scratch_bytes_ != 0; }

    // Who may write in the scratch directory. Throws std::runtime_error.
    void give_to(uid_t user);
    // In the supervisor, when no program runs: as it was at the start. Throws std::runtime_error.
    void renew() const;

    // Both in an executor, before it is locked in: the program's file, empty, open for writing; -1 with errno set.
    int open_program_file() const;
    // Whether the working directory is now what programs start in.
    bool enter() const;

    // In an executor, after a program: removes what it wrote. False: the next one needs another process.
    bool tidy(int program_file) const;

  private:
    std::string build(const std::vector<std::string>& needed);

    const uint64_t scratch_bytes_;
    uid_t owner_ = 0;
    std::vector<std::string> kept_;  // in /tmp: they lead to what is readable
    std::string missing_;
};

}  // namespace tracemill::host
