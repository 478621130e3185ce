// The trace hook.
#pragma once

#include "trace/core.h"

namespace tracemill::trace {

void install_hook(tm_mode mode);
void remove_hook();

}  // namespace tracemill::trace
