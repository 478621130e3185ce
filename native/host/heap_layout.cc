#include "host/heap_layout.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <malloc.h>
#include <unistd.h>

namespace tracemill::host {

namespace {

// Larger blocks may get a mapping of their own.
constexpr size_t kLargest = 64 * 1024;
constexpr size_t kStep = 16;
// From here down, every size that the C library tells apart.
constexpr size_t kSmall = 1024;

// Where the part of the heap begins that was never given away, or came back whole.
uintptr_t untouched() { return reinterpret_cast<uintptr_t>(sbrk(0)) - mallinfo2().keepcost; }

// Blocks of one size until none fits between others.
void fill(size_t size, uintptr_t end) {
    while (void* block = malloc(size)) {
        if (reinterpret_cast<uintptr_t>(block) < end) continue;
        free(block);
        return;
    }
}

}  // namespace

void fill_system_heap_holes() {
    const uintptr_t end = untouched();
    for (size_t size = kLargest; size > kSmall; size = size * 7 / 8) fill(size, end);
    for (size_t size = kSmall; size >= kStep; size -= kStep) fill(size, end);
}

}  // namespace tracemill::host
