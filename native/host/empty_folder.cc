#include "host/empty_folder.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tracemill::host {

namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

class Entries {
  public:
    // Of a folder that stays open; `folder` itself is not read from.
    explicit Entries(int folder) {
        int own = openat(folder, ".", kFolder);
        stream_ = own < 0 ? nullptr : fdopendir(own);
        if (own >= 0 && !stream_) close(own);
    }
    ~Entries() {
        if (stream_) closedir(stream_);
    }
    Entries(const Entries&) = delete;
    Entries& operator=(const Entries&) = delete;

    explicit operator bool() const { return stream_; }
    // Null at the end; . and .. left out.
    const char* next() {
        while (dirent* entry = readdir(stream_)) {
            const std::string name = entry->d_name;
            if (name != "." && name != "..") return entry->d_name;
        }
        return nullptr;
    }

  private:
    DIR* stream_;
};

// Where that fails, so does what follows.
void make_accessible(int folder, const char* name) {
    if (fchmodat(folder, name, S_IRWXU, 0) != 0) return;
}

// A folder inside one at the top goes to the top itself: however deep they lie, two descriptors are enough, and no path
// gets too long.
bool remove_folder(int top, const char* name, uint64_t& moved) {
    make_accessible(top, name);
    const int folder = openat(top, name, kFolder);
    if (folder < 0) return false;
    bool done = true;
    {
        Entries entries(folder);
        done = static_cast<bool>(entries);
        while (const char* inside = done ? entries.next() : nullptr) {
            if (unlinkat(folder, inside, 0) == 0) continue;
            make_accessible(folder, inside);
            const std::string free_name = ".removed-" + std::to_string(moved++);
            done = renameat(folder, inside, top, free_name.c_str()) == 0;
        }
    }
    close(folder);
    return done && unlinkat(top, name, AT_REMOVEDIR) == 0;
}

// Names first: removing while reading makes some file systems skip entries.
bool list(int top, const std::vector<std::string>& kept, std::vector<std::string>& names) {
    Entries entries(top);
    if (!entries) return false;
    while (const char* name = entries.next())
        if (std::find(kept.begin(), kept.end(), name) == kept.end()) names.push_back(name);
    return true;
}

}  // namespace

bool empty_folder(const char* path, const std::vector<std::string>& kept) {
    const int top = open(path, kFolder);
    if (top < 0) return false;
    uint64_t moved = 0;
    bool done = true;
    for (;;) {
        std::vector<std::string> names;
        done = list(top, kept, names);
        if (!done || names.empty()) break;
        for (const std::string& name : names) {
            // A file that a program called like a folder that was moved would be replaced by it, which is as well.
            if (unlinkat(top, name.c_str(), 0) != 0) done = done && remove_folder(top, name.c_str(), moved);
        }
        if (!done) break;
    }
    close(top);
    return done;
}

}  // namespace tracemill::host
