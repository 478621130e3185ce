// Makes an executor as good as new after a program: its memory, and what the kernel keeps for it.
#pragma once

#include "host/kernel_state.h"
#include "host/sandbox_syscalls.h"
#include "host/snapshot.h"

#include <string>
#include <vector>

namespace tracemill::host {

// Has to live on the stack, as the snapshot does: everything else is put back.
class Restorer {
  public:
    explicit Restorer(Snapshot& snapshot) : snapshot_(snapshot) {}

    // See Snapshot; each answers empty, or the reason why there is no way back in this process.
    std::string adopt();
    std::string take(const tm_stream_files& streams, int program_file);

    bool ready() const { return snapshot_.taken(); }
    // What must stay open.
    std::vector<int> descriptors() const;
    // For the filter of system calls.
    void allow(OwnDescriptors& own) const;

    // Between programs. False: the process must not run another one.
    bool restore() { return kernel_.restore() && snapshot_.restore(); }

  private:
    KernelState kernel_;
    Snapshot& snapshot_;
};

// Whether a process like an executor can be restored here: empty, or the reason why not. Forks.
std::string why_not_restorable();

}  // namespace tracemill::host
