// Starts the one interpreter of this process: isolated from the environment, with the installation that was named, and
// deterministic (fixed hash seed). It is never finalised: finalising with user code's leftovers crashes or hangs.
#pragma once

#include <string>

#include "interface/core.h"

namespace tracemill::python {

// Empty on success, else one line of text. Leaves the calling thread holding the GIL.
std::string start_runtime(const tm_runtime& runtime);

}  // namespace tracemill::python
