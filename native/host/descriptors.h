// What a new process inherits.
#pragma once

#include <initializer_list>

namespace tracemill::host {

// Before anything bounds which files can be opened; -1 with errno set.
int open_null_device();
// The same descriptor under a number that no program gets for a file of its own; -1 with errno set.
int move_out_of_the_way(int descriptor);
// Closes every descriptor but `keep`, in ascending order, and points 0, 1 and 2 at `null_device`. False with errno set.
bool detach_descriptors(int null_device, std::initializer_list<int> keep);

}  // namespace tracemill::host
