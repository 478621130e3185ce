// Namespaces: a network without devices and System V objects of its own, for the supervisor and so for its executors.
// They repeat what the system call filter refuses; many machines forbid them to ordinary users. No process namespace:
// its first process is one that cannot be killed by a signal of its own, and the filter refuses signals to others.
#pragma once

#include <string>

namespace tracemill::host {

// While the process has one thread. Empty on success, else why there are none; then nothing has changed.
std::string enter_namespaces();

}  // namespace tracemill::host
