// What a new process inherits.
#pragma once

namespace tracemill::host {

// Before anything bounds which files can be opened; -1 with errno set.
int open_null_device();
// Closes every descriptor but `keep` and points 0, 1 and 2 at `null_device`. False with errno set.
bool detach_descriptors(int null_device, int keep);

}  // namespace tracemill::host
