#include "binding/allocator.h"

#include <malloc.h>

namespace tracemill::binding {

namespace {

// glibc's own at its start. It raises it to the size of the largest block that was freed, up to 32 MiB, unless it is
// set.
constexpr int LARGE_BYTES = 128 << 10;

}  // namespace

Napi::Value return_large_blocks(const Napi::CallbackInfo& info) {
#ifdef M_MMAP_THRESHOLD
    mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
#endif
    return info.Env().Undefined();
}

}  // namespace tracemill::binding
