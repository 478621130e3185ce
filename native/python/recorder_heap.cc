#include "python/recorder_heap.h"

#include <sys/mman.h>
#include <sys/single_threaded.h>

#include <atomic>
#include <bit>
#include <cstring>

#include "memory/account.h"

namespace tracemill::python {
namespace {

// In front of every block. A freed one is in the list of its size.
struct Header {
    uint64_t size_class;
    Header* next;
};
static_assert(sizeof(Header) == 16);

// Sizes, with their header: steps of 16 bytes up to 1 KiB, then four to each doubling.
constexpr size_t kStep = 16;
constexpr size_t kFineBytes = 1024;
constexpr size_t kFineClasses = kFineBytes / kStep;
constexpr size_t kPerDoubling = 4;
constexpr size_t kClasses = kFineClasses + kPerDoubling * 20;
// Pages of a free block of at least this size go back to the system.
constexpr size_t kLargeBytes = 64 * 1024;
constexpr uintptr_t kPageBytes = 4096;

Header* s_free[kClasses];
uintptr_t s_next = 0;  // never used from here on

// Programs may have threads, and CPython's RAW domain needs no GIL.
class Lock {
  public:
    Lock() : locked_(!__libc_single_threaded) {
        while (locked_ && s_flag.test_and_set(std::memory_order_acquire)) {
        }
    }
    ~Lock() {
        if (locked_) s_flag.clear(std::memory_order_release);
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

  private:
    static inline std::atomic_flag s_flag;
    const bool locked_;
};

size_t class_of(size_t bytes) {
    if (bytes <= kFineBytes) return (bytes + kStep - 1) / kStep - 1;
    const int doubling = std::bit_width(bytes - 1) - 1;  // 2^doubling < bytes <= 2^(doubling + 1)
    const size_t step = (size_t{1} << doubling) / kPerDoubling;
    const size_t part = (bytes - (size_t{1} << doubling) + step - 1) / step - 1;
    return kFineClasses + (static_cast<size_t>(doubling) - 10) * kPerDoubling + part;
}

size_t bytes_of(size_t size_class) {
    if (size_class < kFineClasses) return (size_class + 1) * kStep;
    const size_t above = size_class - kFineClasses;
    const size_t begin = kFineBytes << (above / kPerDoubling);
    return begin + begin / kPerDoubling * (above % kPerDoubling + 1);
}

Header* header_of(void* block) { return static_cast<Header*>(block) - 1; }

// All but the first page, which has the header.
void give_back_pages(Header* header, size_t bytes) {
    const uintptr_t begin = (reinterpret_cast<uintptr_t>(header + 1) + kPageBytes - 1) & ~(kPageBytes - 1);
    const uintptr_t end = (reinterpret_cast<uintptr_t>(header) + bytes) & ~(kPageBytes - 1);
    if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

}  // namespace

bool reserve_recorder_heap() {
    constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void* base = mmap(nullptr, kRecorderHeapBytes, PROT_READ | PROT_WRITE, kFlags, -1, 0);
    if (base == MAP_FAILED) return false;
    s_recorder_heap = s_next = reinterpret_cast<uintptr_t>(base);
    return true;
}

void* allocate_for_recorder(size_t size) {
    if (size >= kRecorderHeapBytes / 2) {
        memory::note_refusal();
        return nullptr;
    }
    const size_t size_class = class_of(size + sizeof(Header));
    const size_t bytes = bytes_of(size_class);
    if (!memory::allows(bytes)) return nullptr;
    const Lock lock;
    Header* header = s_free[size_class];
    if (header) {
        s_free[size_class] = header->next;
    } else if (s_recorder_heap + kRecorderHeapBytes - s_next >= bytes) {
        header = reinterpret_cast<Header*>(s_next);
        s_next += bytes;
        header->size_class = size_class;
    } else {
        memory::note_refusal();
        return nullptr;
    }
    memory::charge(static_cast<int64_t>(bytes));
    return header + 1;
}

void* reallocate_for_recorder(void* block, size_t size) {
    const size_t room = bytes_of(header_of(block)->size_class) - sizeof(Header);
    if (size <= room && size >= room / 2) return block;
    void* moved = allocate_for_recorder(size);
    if (!moved) return nullptr;
    std::memcpy(moved, block, size < room ? size : room);
    free_of_recorder(block);
    return moved;
}

void free_of_recorder(void* block) {
    Header* header = header_of(block);
    const size_t bytes = bytes_of(header->size_class);
    if (bytes >= kLargeBytes) give_back_pages(header, bytes);
    const Lock lock;
    memory::charge(-static_cast<int64_t>(bytes));
    header->next = s_free[header->size_class];
    s_free[header->size_class] = header;
}

}  // namespace tracemill::python
