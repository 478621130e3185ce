// What the kernel keeps for this process and a program can change, beside memory (snapshot.h): descriptors, standard
// streams, threads, signals, timers, the mask of new files. Limits, user, priorities and working directory are not
// here: the sandbox lets no program change them, or (with a scratch directory) file_tree.h puts them back.
#pragma once

#include "interface/core.h"

#include <array>
#include <csignal>
#include <cstdint>
#include <sys/types.h>

namespace tracemill::host {

class KernelState {
  public:
    KernelState() = default;
    ~KernelState();
    KernelState(const KernelState&) = delete;
    KernelState& operator=(const KernelState&) = delete;

    // Before files are out of reach; false with errno set.
    bool open();
    // What must stay open.
    int descriptor() const { return tasks_; }

    // As it is now, with one thread, is how it will be after restore(). `program_file`: 0 = there is none.
    bool take(const tm_stream_files& streams, int program_file);

    // Puts back what can be: descriptors that were left open, streams, handlers, masks, timers. False: a thread runs, a
    // signal waits, or a descriptor is gone. Memory that was allocated until now may be gone.
    bool restore() const;

  private:
    // As many as the sandbox allows a program.
    static constexpr int kDescriptors = 64;
    static constexpr int kSignals = 65;  // one more than the last

    uint64_t open_descriptors() const;
    bool restore_descriptors() const;
    bool restore_streams() const;
    bool restore_signals() const;
    bool is_alone() const;

    int tasks_ = -1;  // the directory of this process's threads
    tm_stream_files streams_{};
    int program_file_ = 0;
    uint64_t descriptors_ = 0;  // a bit for each that is open
    std::array<struct sigaction, kSignals> actions_{};
    sigset_t blocked_{};
    stack_t handler_stack_{};
    mode_t file_mask_ = 0;  // of the rights of new files
};

}  // namespace tracemill::host
