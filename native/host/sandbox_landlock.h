// Landlock: which files a program can open. Everything but reading named places is refused.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tracemill::host {

class LandlockRules {
  public:
    // What is not there, or closed to this user, is left out. Where the kernel has no Landlock the rules hold nothing
    // and error() says why. Throws std::runtime_error for a place that the kernel makes no rule about.
    explicit LandlockRules(const std::vector<std::string>& readable);
    ~LandlockRules();
    LandlockRules(const LandlockRules&) = delete;
    LandlockRules& operator=(const LandlockRules&) = delete;

    // 0 = the kernel has none.
    int version() const { return version_; }
    // An errno, 0 = the rules are ready.
    int error() const { return error_; }
    // Opens a folder that was made after the others; with `writable` everything in it may be changed, but nothing in
    // it becomes code. Throws like the constructor.
    void allow(const char* folder, bool writable);
    // Binds the calling thread and what it starts; false with errno set. No new privileges must have been given up.
    bool enforce() const;

  private:
    void add(const std::string& path, uint64_t rights_in_folder);

    int version_ = 0;
    int error_ = 0;
    int rules_ = -1;  // descriptor; made once, used by every executor
};

}  // namespace tracemill::host
