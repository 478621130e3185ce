// The system calls that a program may make: what 3,000 ordinary programs, threads and event loops were seen to need.
#pragma once

#include "host/sandbox_filter.h"

#include <sys/types.h>

namespace tracemill::host {

struct SyscallPolicy {
    pid_t self;               // of the process that the filter is for
    int control_socket;       // to the supervisor: programs can neither close nor replace it, nor write() to it
    uint64_t room_call_site;  // where the call returns that may change limits of memory (sandbox_limits.h)
    // Files may be mapped executable, which importing an extension module takes. Only where Landlock bounds which files
    // can be opened: otherwise any file on the machine could be loaded as code.
    bool files_may_be_code;
    // There is a scratch directory. Landlock and read-only mounts say where; machine code has no way into it.
    bool files_may_change;
};

SyscallFilter program_syscalls(const SyscallPolicy& policy);

}  // namespace tracemill::host
