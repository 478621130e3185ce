#include "python/heap_holes.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <set>
#include <vector>

#include "interpreter.h"

namespace tracemill::test {
namespace {

constexpr size_t kPoolBytes = 16 * 1024;
constexpr size_t kHeaderBytes = 48;

// An allocator like CPython's, or one that differs from it in one thing.
struct Pools {
    bool counts = true;       // the header says how many blocks are in use
    bool in_order = true;     // blocks follow one another
    size_t holes = 3;         // of each size, free before
    size_t served = 0;        // blocks
    std::vector<void*> made;  // pools
    char* current[33] = {};   // by step
    size_t used[33] = {};

    ~Pools() {
        for (void* pool : made) std::free(pool);
    }

    char* make_pool() {
        char* pool = static_cast<char*>(std::aligned_alloc(kPoolBytes, kPoolBytes));
        std::memset(pool, 0, kPoolBytes);
        made.push_back(pool);
        return pool;
    }

    // The first pool of each size is nearly full.
    void* take(size_t size) {
        ++served;
        const size_t step = size / 16;
        const size_t most = (kPoolBytes - kHeaderBytes) / size;
        if (!current[step]) {
            current[step] = make_pool();
            used[step] = most - holes;
        } else if (used[step] == most) {
            current[step] = make_pool();
            used[step] = 0;
        }
        const size_t number = used[step]++;
        const auto count = static_cast<uint32_t>(counts ? used[step] : 1);
        std::memcpy(current[step], &count, sizeof count);
        const size_t place = in_order || number == 0 ? number : most - number;
        return current[step] + kHeaderBytes + place * size;
    }
};

Pools* s_pools;
void* take(size_t size) { return s_pools->take(size); }

bool fill(Pools& pools) {
    s_pools = &pools;
    return python::fill_heap_holes(take);
}

TEST(HeapHoles, LeavesEveryNewBlockOfAnySizeInAPoolOfItsOwn) {
    Pools pools;
    EXPECT_TRUE(fill(pools));
    for (size_t size = 16; size <= 512; size += 16) {
        SCOPED_TRACE(size);
        EXPECT_GE(pools.used[size / 16], 1u);
        EXPECT_LT(pools.used[size / 16], (kPoolBytes - kHeaderBytes) / size);
    }
    // Two pools of each, and of the largest those that were looked at.
    EXPECT_EQ(pools.made.size(), 32u * 2 + 1);
}

TEST(HeapHoles, IsOffWherePoolsDoNotCount) {
    Pools pools;
    pools.counts = false;
    EXPECT_FALSE(fill(pools));
    EXPECT_LT(pools.served, 100u);
}

TEST(HeapHoles, IsOffWhereBlocksDoNotFollowOneAnother) {
    Pools pools;
    pools.in_order = false;
    EXPECT_FALSE(fill(pools));
    EXPECT_LT(pools.served, 100u);
}

std::vector<void*> s_taken;
void* take_from_system(size_t size) {
    s_taken.push_back(std::malloc(size));
    return s_taken.back();
}
void* take_nothing(size_t) { return nullptr; }

TEST(HeapHoles, IsOffWithAnotherAllocatorAfterAMegabyte) {
    EXPECT_FALSE(python::fill_heap_holes(take_from_system));
    EXPECT_LE(s_taken.size() * 512, size_t{1} << 20);
    for (void* block : s_taken) std::free(block);
    s_taken.clear();
    EXPECT_FALSE(python::fill_heap_holes(take_nothing));
}

using HeapHolesOfPython = InInterpreter;

TEST_F(HeapHolesOfPython, AreFilled) {
    ASSERT_TRUE(python::fill_heap_holes(allocate_from_pools));
    // Blocks lie together afterwards.
    std::set<uintptr_t> pools;
    for (size_t i = 0; i < 100; ++i) pools.insert(reinterpret_cast<uintptr_t>(allocate_from_pools(64)) / kPoolBytes);
    EXPECT_LE(pools.size(), 2u);
}

}  // namespace
}  // namespace tracemill::test
