// Where CPython's allocators take memory that serves the recording and not the program: what is made while values are
// looked at, and the frame objects and instrumentation that tracing needs. It lies apart from CPython's own heap, so
// that the program finds that heap as if nobody looked, and it is known by its addresses: such a block may live on in
// a free list of CPython and is not the program's when it is freed. Counted in memory/account.h.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tracemill::python {

// Once, before the interpreter starts. False when the system has no addresses left.
bool reserve_recorder_heap();

inline uintptr_t s_recorder_heap = 0;
inline constexpr uintptr_t kRecorderHeapBytes = uintptr_t{1} << 30;

inline bool is_in_recorder_heap(const void* block) {
    return reinterpret_cast<uintptr_t>(block) - s_recorder_heap < kRecorderHeapBytes && s_recorder_heap != 0;
}

// NULL when refused. Aligned to 16 bytes; the contents are left as they are.
void* allocate_for_recorder(size_t size);
// `block` is in the heap.
void* reallocate_for_recorder(void* block, size_t size);
void free_of_recorder(void* block);

}  // namespace tracemill::python
