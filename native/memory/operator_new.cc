// Every allocation of C++ in this library is counted. The library has its own copy of the C++ runtime, so that strings
// and vectors come here too, and its functions are bound to each other.
#include <new>

#include "memory/account.h"

void* operator new(size_t size) {
    void* block = tracemill::memory::allocate(size);
    if (!block) throw std::bad_alloc();
    return block;
}
void* operator new[](size_t size) { return operator new(size); }
void* operator new(size_t size, const std::nothrow_t&) noexcept { return tracemill::memory::allocate(size); }
void* operator new[](size_t size, const std::nothrow_t&) noexcept { return tracemill::memory::allocate(size); }

void operator delete(void* block) noexcept { tracemill::memory::release(block); }
void operator delete[](void* block) noexcept { tracemill::memory::release(block); }
void operator delete(void* block, size_t) noexcept { tracemill::memory::release(block); }
void operator delete[](void* block, size_t) noexcept { tracemill::memory::release(block); }
void operator delete(void* block, const std::nothrow_t&) noexcept { tracemill::memory::release(block); }
void operator delete[](void* block, const std::nothrow_t&) noexcept { tracemill::memory::release(block); }
