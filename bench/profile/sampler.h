// Where a program is while its time passes: the address of the instruction that runs, ten thousand times a second.
// Needs no performance counters, which virtual machines seldom have.
#pragma once

#include <string>

namespace tracemill::bench {

// On the calling thread, from start_sampling() to write_samples(). Both throw std::runtime_error.
void start_sampling();
// Lines of /proc/self/maps, an empty line, then lines "ADDRESS COUNT", the address in hexadecimal.
void write_samples(const std::string& path);

}  // namespace tracemill::bench
