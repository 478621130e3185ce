#include "python/memory_limit.h"

#include <malloc.h>
#include <sys/mman.h>
#include <sys/single_threaded.h>

#include <atomic>
#include <cstring>

#include "python/compat.h"
#include "python/recorder_heap.h"
#include "python/tracing_memory.h"

namespace tracemill::python {
namespace {

// Signed: a block taken before the hooks were in place may be freed after.
std::atomic<int64_t> s_used{0};
std::atomic<int64_t> s_limit{INT64_MAX};
std::atomic<uint64_t> s_refusals{0};
uint64_t s_refusals_before = 0;  // the limit was set
const uint64_t* s_system_refusals = nullptr;

bool s_tracing = false;

PyMemAllocatorEx s_raw;
PyMemAllocatorEx s_memory;
PyMemAllocatorEx s_objects;
PyObjectArenaAllocator s_arena;

// A locked instruction takes as long as an allocation.
void add(int64_t bytes) {
    if (__libc_single_threaded) {
        s_used.store(s_used.load(std::memory_order_relaxed) + bytes, std::memory_order_relaxed);
    } else {
        s_used.fetch_add(bytes, std::memory_order_relaxed);
    }
}

void note_refusal() { s_refusals.fetch_add(1, std::memory_order_relaxed); }

bool reserve(size_t size) {
    const int64_t wanted = static_cast<int64_t>(size);
    if (s_used.load(std::memory_order_relaxed) + wanted > s_limit.load(std::memory_order_relaxed)) {
        note_refusal();
        return false;
    }
    return true;
}

// Which bounds the process, too, and counts what is not seen here.
void note_refusal_of_system(void* block) {
    if (!block) [[unlikely]]
        note_refusal();
}

void count(void* block) {
    if (block) add(static_cast<int64_t>(malloc_usable_size(block)));
}

void uncount(void* block) {
    if (block) add(-static_cast<int64_t>(malloc_usable_size(block)));
}

void* zeroed_for_recorder(size_t items, size_t item_size) {
    if (item_size != 0 && items > PY_SSIZE_T_MAX / item_size) return nullptr;
    void* block = allocate_for_recorder(items * item_size);
    if (block) std::memset(block, 0, items * item_size);
    return block;
}

void* raw_malloc(void* context, size_t size) {
    if (RecorderScope::is_open()) return allocate_for_recorder(size);
    if (!reserve(size)) return nullptr;
    void* block = s_raw.malloc(context, size);
    note_refusal_of_system(block);
    count(block);
    return block;
}

void* raw_calloc(void* context, size_t items, size_t item_size) {
    if (RecorderScope::is_open()) return zeroed_for_recorder(items, item_size);
    if (item_size != 0 && items > PY_SSIZE_T_MAX / item_size) return nullptr;
    if (!reserve(items * item_size)) return nullptr;
    void* block = s_raw.calloc(context, items, item_size);
    note_refusal_of_system(block);
    count(block);
    return block;
}

void* raw_realloc(void* context, void* block, size_t size) {
    if (is_in_recorder_heap(block)) return reallocate_for_recorder(block, size);
    if (!block && RecorderScope::is_open()) return allocate_for_recorder(size);
    const size_t before = block ? malloc_usable_size(block) : 0;
    if (size > before && !reserve(size - before)) return nullptr;
    void* moved = s_raw.realloc(context, block, size);
    note_refusal_of_system(moved);
    if (moved) {
        const auto change = static_cast<int64_t>(malloc_usable_size(moved)) - static_cast<int64_t>(before);
        add(change);
    }
    return moved;
}

void raw_free(void* context, void* block) {
    if (is_in_recorder_heap(block)) return free_of_recorder(block);
    uncount(block);
    s_raw.free(context, block);
}

// Small blocks are cut from arenas; those of the recorder never get there. Grown, CPython finds that they are none of
// its heap and hands them on to the RAW domain; freed, it would count one fewer of those that sys.getallocatedblocks()
// tells.
bool is_for_recorder(size_t size, size_t least_for_tracing) {
    return RecorderScope::is_open() || (s_tracing && size >= least_for_tracing && tm_allocates_for_tracing());
}

template <PyMemAllocatorEx& kBelow, size_t kLeastForTracing>
struct Small {
    static void* malloc(void* context, size_t size) {
        if (is_for_recorder(size, kLeastForTracing)) [[unlikely]]
            return allocate_for_recorder(size);
        return kBelow.malloc(context, size);
    }
    static void* calloc(void* context, size_t items, size_t item_size) {
        if (is_for_recorder(items * item_size, kLeastForTracing)) [[unlikely]]
            return zeroed_for_recorder(items, item_size);
        return kBelow.calloc(context, items, item_size);
    }
    static void* realloc(void* context, void* block, size_t size) {
        if (!block && is_for_recorder(size, kLeastForTracing)) [[unlikely]]
            return allocate_for_recorder(size);
        return kBelow.realloc(context, block, size);
    }
    static void free(void* context, void* block) {
        if (is_in_recorder_heap(block)) return free_of_recorder(block);
        kBelow.free(context, block);
    }
    static void install(PyMemAllocatorDomain domain) {
        PyMem_GetAllocator(domain, &kBelow);
        PyMemAllocatorEx hooked{kBelow.ctx, malloc, calloc, realloc, free};
        PyMem_SetAllocator(domain, &hooked);
    }
};

// CPython cuts pools of 16 KiB from an arena, one fewer when its address is no multiple of that. Where the system puts
// memory differs from run to run; how much a program gets must not.
constexpr uintptr_t kPoolBytes = 16 * 1024;

void* align_arena(void* context, void* arena, size_t size) {
    if (!arena || reinterpret_cast<uintptr_t>(arena) % kPoolBytes == 0) return arena;
    s_arena.free(context, arena, size);
    void* wide = s_arena.alloc(context, size + kPoolBytes);
    if (!wide) return nullptr;
    const auto begin = reinterpret_cast<uintptr_t>(wide);
    const size_t before = kPoolBytes - begin % kPoolBytes;
    if (before != kPoolBytes) munmap(wide, before);
    const uintptr_t aligned = before == kPoolBytes ? begin : begin + before;
    munmap(reinterpret_cast<void*>(aligned + size), begin + kPoolBytes - aligned);
    return reinterpret_cast<void*>(aligned);
}

void* arena_alloc(void* context, size_t size) {
    if (RecorderScope::is_open()) return allocate_for_recorder(size);
    if (!reserve(size)) return nullptr;
    void* arena = align_arena(context, s_arena.alloc(context, size), size);
    note_refusal_of_system(arena);
    if (arena) add(static_cast<int64_t>(size));
    return arena;
}

void arena_free(void* context, void* arena, size_t size) {
    if (is_in_recorder_heap(arena)) return free_of_recorder(arena);
    add(-static_cast<int64_t>(size));
    s_arena.free(context, arena, size);
}

}  // namespace

bool install_raw_allocator() {
    if (!reserve_recorder_heap()) return false;
    PyMem_GetAllocator(PYMEM_DOMAIN_RAW, &s_raw);
    PyMemAllocatorEx hooked{s_raw.ctx, raw_malloc, raw_calloc, raw_realloc, raw_free};
    PyMem_SetAllocator(PYMEM_DOMAIN_RAW, &hooked);
    return true;
}

void install_arena_allocator() {
    PyObject_GetArenaAllocator(&s_arena);
    PyObjectArenaAllocator hooked{s_arena.ctx, arena_alloc, arena_free};
    PyObject_SetArenaAllocator(&hooked);
    Small<s_memory, 0>::install(PYMEM_DOMAIN_MEM);
    Small<s_objects, TM_LEAST_FRAME_BYTES>::install(PYMEM_DOMAIN_OBJ);
}

void set_memory_limit(uint64_t bytes) {
    s_refusals_before = memory_refusals();
    const int64_t used = s_used.load(std::memory_order_relaxed);
    const int64_t room = INT64_MAX - (used > 0 ? used : 0);
    const bool bounded = bytes != 0 && bytes < static_cast<uint64_t>(room);
    s_limit.store(bounded ? used + static_cast<int64_t>(bytes) : INT64_MAX, std::memory_order_relaxed);
}

void set_tracing(bool tracing) { s_tracing = tracing; }

void allow_more_memory(uint64_t bytes) {
    const int64_t least = s_used.load(std::memory_order_relaxed) + static_cast<int64_t>(bytes);
    if (s_limit.load(std::memory_order_relaxed) < least) s_limit.store(least, std::memory_order_relaxed);
}

void count_system_refusals(const uint64_t* refusals) { s_system_refusals = refusals; }

bool memory_was_refused() { return memory_refusals() != s_refusals_before; }

uint64_t memory_refusals() {
    return s_refusals.load(std::memory_order_relaxed) + (s_system_refusals ? *s_system_refusals : 0);
}

}  // namespace tracemill::python
