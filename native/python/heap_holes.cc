#include "python/heap_holes.h"

#include <cstdint>

namespace tracemill::python {
namespace {

// Of CPython's small-object allocator (Objects/obmalloc.c): sizes are rounded up to steps, and blocks of one size are
// cut from pools, one behind the other, which begin with a header that begins with the number of blocks in use.
constexpr size_t kStep = 16;
constexpr size_t kLargest = 512;
constexpr uintptr_t kPoolBytes = 16 * 1024;
constexpr uintptr_t kHeaderBytes = 48;
constexpr uint32_t kMostOfLargest = (kPoolBytes - kHeaderBytes) / kLargest;

constexpr size_t kMostBytes = size_t{8} << 20;

bool is_first_in_pool(const void* block) {
    return block && reinterpret_cast<uintptr_t>(block) % kPoolBytes == kHeaderBytes;
}

// Of a block that is the first in its pool.
uint32_t blocks_in_pool(const void* first) {
    return *reinterpret_cast<const uint32_t*>(reinterpret_cast<uintptr_t>(first) - kHeaderBytes);
}

// The next block of this size that has a pool to itself; kept, with all before it, since a pool that is never empty is
// not given back after each program. NULL: there is none within `most` bytes.
const char* fill_pools(void* (*allocate)(size_t), size_t size, size_t most) {
    for (size_t taken = 0; taken < most; taken += size) {
        const void* block = allocate(size);
        if (!block) return nullptr;
        if (is_first_in_pool(block) && blocks_in_pool(block) == 1) return static_cast<const char*>(block);
    }
    return nullptr;
}

// Whether a new pool fills as it should.
bool lies_as_expected(void* (*allocate)(size_t)) {
    const char* first = fill_pools(allocate, kLargest, kMostBytes / 8);
    if (!first) return false;
    for (uint32_t i = 1; i < kMostOfLargest; ++i) {
        if (allocate(kLargest) != first + i * kLargest || blocks_in_pool(first) != i + 1) return false;
    }
    return true;
}

}  // namespace

bool fill_heap_holes(void* (*allocate)(size_t)) {
    if (!lies_as_expected(allocate)) return false;
    for (size_t size = kStep; size <= kLargest; size += kStep) {
        if (!fill_pools(allocate, size, kMostBytes)) return false;
    }
    return true;
}

}  // namespace tracemill::python
