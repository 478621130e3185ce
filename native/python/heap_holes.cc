#include "python/heap_holes.h"

#include <cstddef>
#include <cstdint>

#include "python/compat.h"

namespace tracemill::python {
namespace {

// Of CPython's small-object allocator (Objects/obmalloc.c): sizes are rounded up to steps, and blocks of one size are
// cut from pools, which begin with a header that begins with the number of blocks in use.
constexpr size_t kStep = 16;
constexpr size_t kLargest = 512;
constexpr uintptr_t kPoolBytes = 16 * 1024;
constexpr uintptr_t kHeaderBytes = 48;

// With another allocator (PYTHONMALLOC) there is no pool to come to.
constexpr size_t kMostBytes = size_t{8} << 20;

// The first and only block of a pool.
bool is_alone(const void* block) {
    const auto address = reinterpret_cast<uintptr_t>(block);
    if (address % kPoolBytes != kHeaderBytes) return false;
    return *reinterpret_cast<const uint32_t*>(address - kHeaderBytes) == 1;
}

}  // namespace

void fill_heap_holes() {
    size_t taken = 0;
    size_t size = kStep;
    while (size <= kLargest && taken < kMostBytes) {
        void* block = PyObject_Malloc(size);
        if (!block) return;
        taken += size;
        // Kept as well: a pool that is never empty is not given back after each program.
        if (is_alone(block)) size += kStep;
    }
}

}  // namespace tracemill::python
