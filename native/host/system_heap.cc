#include "host/system_heap.h"

#include <atomic>
#include <cstddef>

namespace {

uint64_t s_refusals = 0;

// Threads may fail at once.
void* noted(void* block) {
    if (!block) [[unlikely]]
        std::atomic_ref(s_refusals).fetch_add(1, std::memory_order_relaxed);
    return block;
}

}  // namespace

namespace tracemill::host {

const uint64_t* system_refusals() { return &s_refusals; }

}  // namespace tracemill::host

// A sanitizer has functions of its own under these names.
#ifndef __SANITIZE_ADDRESS__
extern "C" {
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t items, size_t item_size);
void* __libc_realloc(void* block, size_t size);

// Of an executable, these take the place of the C library's for everybody.
[[gnu::visibility("default")]] void* malloc(size_t size) { return noted(__libc_malloc(size)); }
[[gnu::visibility("default")]] void* calloc(size_t items, size_t item_size) {
    return noted(__libc_calloc(items, item_size));
}
[[gnu::visibility("default")]] void* realloc(void* block, size_t size) {
    void* moved = __libc_realloc(block, size);
    return size == 0 ? moved : noted(moved);
}
}
#endif
