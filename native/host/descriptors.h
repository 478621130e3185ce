// What a new process inherits.
#pragma once

#include <vector>

namespace tracemill::host {

// The same descriptor under a number that no program gets for a file of its own; -1 with errno set.
int move_out_of_the_way(int descriptor);
// Points 0, 1 and 2 at these three and closes every other descriptor but those to keep. False with errno set.
bool detach_descriptors(const int (&standard)[3], std::vector<int> keep);

}  // namespace tracemill::host
