// What the process does to itself before it starts an interpreter.
#pragma once

#include <sys/types.h>

namespace tracemill::host {

// Ends this process with `parent`, also when that has ended already.
void tie_to_parent(pid_t parent);
// The terminal's: Ctrl-C is for Node, which closes the socket.
void leave_process_group();
// Default dispositions, nothing blocked; what Node or a shell had set is inherited otherwise.
void reset_signals();
// Nothing of the caller's environment is visible to a program.
void scrub_environment();
// Deep recursion of Python code needs C stack, and the main thread's bound is read at exec only: raises the limit and
// runs this executable again, once. Returns when there is nothing (more) to raise.
void ensure_large_stack(char** argv);
// Among all threads: a heap for each reserves 64 MiB of address space, which is bounded, and Python's threads take
// turns.
void share_one_heap();

}  // namespace tracemill::host
