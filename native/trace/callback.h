// The trace hook.
#pragma once

#include "trace/run_state.h"

namespace tracemill::trace {

// As the run's mode wants it.
void install_hook(RunState& run);
void remove_hook(RunState& run);

}  // namespace tracemill::trace
