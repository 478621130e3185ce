// Rights that a process has as a user.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace tracemill::host {

inline constexpr uid_t kNobody = 65534;

// Of root's processes: whether `paths` can all be read by nobody. Forks to try it.
bool nobody_can_read(const std::vector<std::string>& paths);

// Gives up all groups, and root for nobody. False with errno set. Clears the parent-death signal.
bool become_nobody();
// Gives up all capabilities, whichever the user; false with errno set.
bool drop_capabilities();
// For good, also through set-uid programs; false with errno set.
bool refuse_new_privileges();

}  // namespace tracemill::host
