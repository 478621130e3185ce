// The trace hook.
#pragma once

#include <string>

#include "trace/main_thread.h"
#include "trace/run_state.h"

namespace tracemill::trace {

// As the run's mode wants it.
void install_hook(RunState& run);
void remove_hook(RunState& run);

// Threads that a program starts get the hook, too, where their events are recorded; before the first one, the main
// thread is renewed. Once per process. Empty or an error text.
std::string watch_threads(MainThread& main_thread);

}  // namespace tracemill::trace
