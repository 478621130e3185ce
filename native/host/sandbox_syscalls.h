// The system calls that a program may make: what 3,000 ordinary programs, threads and event loops were seen to need.
#pragma once

#include "host/sandbox_filter.h"

#include <cstdint>
#include <sys/types.h>

namespace tracemill::host {

// What the executor uses between programs, and programs must not.
struct OwnDescriptors {
    int control_socket;  // to the supervisor: programs can neither close nor replace it, nor write() to it
    // Of the snapshot: the one file, and the one address of an argument, with which the executor may ask for pages that
    // were written. The address is above 4 GiB, which no call from Python can name. -1 = there is no snapshot.
    int scanned_file = -1;
    uintptr_t scan_argument = 0;
};

struct SyscallPolicy {
    pid_t self;  // of the process that the filter is for
    OwnDescriptors own;
    // Files may be mapped executable, which importing an extension module takes. Only where Landlock bounds which files
    // can be opened: otherwise any file on the machine could be loaded as code.
    bool files_may_be_code;
    // There is a scratch directory. Landlock and read-only mounts say where; machine code has no way into it.
    bool files_may_change;
};

SyscallFilter program_syscalls(const SyscallPolicy& policy);

}  // namespace tracemill::host
