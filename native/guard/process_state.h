// What the process has besides Python's objects: environment variables, locale, descriptors, and the interpreter's own
// switches.
#pragma once

#include <bitset>
#include <string>
#include <sys/types.h>
#include <vector>

#include "python/interpreter_state.h"

namespace tracemill::guard {

class ProcessState {
  public:
    // Of the warm interpreter.
    void take();

    // Of the process that runs programs, which has other descriptors and another mask than the one that made it.
    void take_descriptors();

    // Undoes what can be undone; false when something else changed. What a program left open is closed.
    bool restore();

    // The same, for what is not worth a look after every program.
    bool is_unchanged_deeply() const;

  private:
    static constexpr int kDescriptors = 64;  // as many as the sandbox allows

    bool environment_is_unchanged() const;
    bool texts_are_unchanged() const;
    void restore_environment() const;
    bool restore_descriptors() const;
    std::bitset<kDescriptors> open_descriptors() const;

    tm_settings settings_{};
    int recursion_limit_ = 0;
    size_t stack_size_ = 0;                                         // of new threads
    std::vector<std::pair<const char*, std::string>> environment_;  // the process's own string, and what it said
    std::string locale_;
    std::bitset<kDescriptors> open_;
    int lowest_free_ = -1;
    mode_t file_mask_ = 0;        // of the rights of new files
    std::string standard_files_;  // which files 0, 1 and 2 are and how, the mask of signals; as bytes
};

}  // namespace tracemill::guard
