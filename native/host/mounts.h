// The mount namespace behind FileTree.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tracemill::host {

struct OwnFolders {
    std::string program_folder;    // at the root
    std::string temporary_folder;  // at the root, hides the machine's; empty = stays the machine's
    uint64_t bytes;                // that both may hold together
    // What is in the machine's temporary folder and stays to be seen.
    std::vector<std::string> shown_in_temporary_folder;
};

// A root of our own with all of the machine's folders, read-only where programs may write, and these two. While the
// process has one thread. Empty on success, else why there is none; then nothing that counts has changed.
std::string enter_mount_namespace(const OwnFolders& own);

}  // namespace tracemill::host
