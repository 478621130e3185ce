// Settings of the process's malloc.
#pragma once

#include "binding/napi_setup.h"

namespace tracemill::binding {

// int mallopt(M_MMAP_THRESHOLD, ...)
// returnLargeBlocks(): void
Napi::Value return_large_blocks(const Napi::CallbackInfo& info);

}  // namespace tracemill::binding
