#include "python/recorder_heap.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <vector>

#include "memory/account.h"

namespace tracemill::python {
namespace {

class RecorderHeap : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { ASSERT_TRUE(reserve_recorder_heap()); }
    void TearDown() override {
        memory::set_limit(0);
        memory::forget_refusal();
    }
};

TEST_F(RecorderHeap, BlocksOfEverySizeAreApartAlignedAndKnownByTheirAddress) {
    struct Block {
        unsigned char* at;
        size_t size;
    };
    std::vector<Block> blocks;
    for (size_t size = 0; size < 300'000; size += size / 7 + 1) {
        auto* at = static_cast<unsigned char*>(allocate_for_recorder(size));
        ASSERT_NE(at, nullptr);
        EXPECT_EQ(reinterpret_cast<uintptr_t>(at) % 16, 0u);
        EXPECT_TRUE(is_in_recorder_heap(at));
        std::memset(at, static_cast<int>(blocks.size()), size);
        blocks.push_back({at, size});
    }
    for (size_t i = 0; i < blocks.size(); ++i) {
        for (size_t k = 0; k < blocks[i].size; ++k) ASSERT_EQ(blocks[i].at[k], static_cast<unsigned char>(i));
    }
    for (const Block& block : blocks) free_of_recorder(block.at);
    int local = 0;
    EXPECT_FALSE(is_in_recorder_heap(&local));
    EXPECT_FALSE(is_in_recorder_heap(nullptr));
}

TEST_F(RecorderHeap, AFreeBlockServesTheNextOfItsSize) {
    for (const size_t size : {size_t{1}, size_t{100}, size_t{1008}, size_t{1009}, size_t{5000}, size_t{1} << 20}) {
        void* first = allocate_for_recorder(size);
        free_of_recorder(first);
        void* second = allocate_for_recorder(size);
        EXPECT_EQ(second, first) << size;
        free_of_recorder(second);
    }
}

TEST_F(RecorderHeap, GrowingKeepsWhatABlockHolds) {
    auto* at = static_cast<unsigned char*>(allocate_for_recorder(10));
    std::memcpy(at, "0123456789", 10);
    for (size_t size = 20; size < 200'000; size *= 3) {
        at = static_cast<unsigned char*>(reallocate_for_recorder(at, size));
        ASSERT_NE(at, nullptr);
        EXPECT_EQ(std::memcmp(at, "0123456789", 10), 0);
    }
    at = static_cast<unsigned char*>(reallocate_for_recorder(at, 5));
    EXPECT_EQ(std::memcmp(at, "01234", 5), 0);
    free_of_recorder(at);
}

TEST_F(RecorderHeap, IsCountedAndBounded) {
    const auto used = [] { return memory::s_account.used.load(); };
    const int64_t before = used();
    memory::set_limit(10'000);
    std::array<void*, 100> blocks;  // none of a vector's, which is counted too
    size_t count = 0;
    while (void* block = allocate_for_recorder(500)) blocks.at(count++) = block;
    EXPECT_TRUE(memory::was_refused());
    EXPECT_EQ(count, 10'000u / 528);
    EXPECT_EQ(allocate_for_recorder(SIZE_MAX), nullptr);
    for (size_t i = 0; i < count; ++i) free_of_recorder(blocks[i]);
    EXPECT_EQ(used(), before);
}

}  // namespace
}  // namespace tracemill::python
