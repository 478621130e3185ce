#include "host/snapshot.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <memory>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace tracemill::host {
namespace {

constexpr size_t kPage = 4096;

int s_data = 1;
char s_zeros[64 * kPage];

// How a process of its own ends that takes a snapshot and then does `body`: 0 when that answers true.
int in_process(const std::function<bool(Snapshot&)>& body) {
    const pid_t pid = fork();
    if (pid == 0) {
        Snapshot snapshot;
        if (!snapshot.open().empty() || !snapshot.take().empty()) _exit(2);
        _exit(body(snapshot) ? 0 : 1);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

class SnapshotTest : public ::testing::Test {
  protected:
    void SetUp() override {
        if (in_process([](Snapshot&) { return true; }) == 2) GTEST_SKIP() << "this kernel has no snapshots";
    }
};

bool is_mapped(const void* address) {
    unsigned char resident;
    return mincore(const_cast<void*>(address), kPage, &resident) == 0;
}

void* map(size_t bytes) { return mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }

TEST_F(SnapshotTest, PutsBackWhatWasWritten) {
    const auto text = std::make_unique<char[]>(kPage);
    strcpy(text.get(), "before");
    EXPECT_EQ(0, in_process([&](Snapshot& snapshot) {
                  // A second time too, when nothing faults any more, and a third, of another page.
                  for (int time = 0; time < 2; time++) {
                      s_data = 7;
                      strcpy(text.get(), "after");
                      if (!snapshot.restore() || s_data != 1 || strcmp(text.get(), "before") != 0) return false;
                  }
                  s_zeros[kPage] = 1;
                  return snapshot.restore() && s_zeros[kPage] == 0 && s_data == 1;
              }));
}

TEST_F(SnapshotTest, ClearsPagesThatWereNotThere) {
    auto* few = static_cast<char*>(map(4 * kPage));
    auto* many = static_cast<char*>(map(4096 * kPage));
    EXPECT_EQ(0, in_process([&](Snapshot& snapshot) {
                  for (int time = 0; time < 3; time++) {
                      memset(few, 1, 4 * kPage);
                      memset(many, 1, 4096 * kPage);
                      if (!snapshot.restore()) return false;
                      for (size_t i = 0; i < 4 * kPage; i++)
                          if (few[i] != 0) return false;
                      for (size_t i = 0; i < 4096 * kPage; i++)
                          if (many[i] != 0) return false;
                  }
                  return true;
              }));
    munmap(few, 4 * kPage);
    munmap(many, 4096 * kPage);
}

// So many pages that the list is started anew.
TEST_F(SnapshotTest, ForgetsAndFindsAgainWhatIsWritten) {
    constexpr size_t kBytes = 2000 * kPage;
    auto* memory = static_cast<char*>(map(kBytes));
    memset(memory, 3, kBytes);
    EXPECT_EQ(0, in_process([&](Snapshot& snapshot) {
                  for (int time = 0; time < 3; time++) {
                      memset(memory, time, kBytes);
                      s_data = 5;
                      if (!snapshot.restore() || snapshot.pages_to_copy() >= 2000 || s_data != 1) return false;
                      for (size_t i = 0; i < kBytes; i++)
                          if (memory[i] != 3) return false;
                      memory[5 * kPage] = 9;
                      if (!snapshot.restore() || memory[5 * kPage] != 3) return false;
                  }
                  return true;
              }));
    munmap(memory, kBytes);
}

TEST_F(SnapshotTest, UnmapsWhatIsNew) {
    EXPECT_EQ(0, in_process([&](Snapshot& snapshot) {
                  for (int time = 0; time < 3; time++) {
                      void* one = map(3 * kPage);
                      void* other = mmap(nullptr, kPage, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
                      if (!snapshot.restore() || is_mapped(one) || is_mapped(other)) return false;
                  }
                  return true;
              }));
}

TEST_F(SnapshotTest, PutsTheHeapsEndBack) {
    EXPECT_EQ(0, in_process([&](Snapshot& snapshot) {
                  const void* end = sbrk(0);
                  for (int time = 0; time < 3; time++) {
                      auto* grown = static_cast<char*>(sbrk(1 << 20));
                      memset(grown, 1, 1 << 20);
                      if (!snapshot.restore() || sbrk(0) != end || is_mapped(grown + kPage)) return false;
                  }
                  return true;
              }));
}

TEST_F(SnapshotTest, KeepsWhatWasMapped) {
    void* memory = map(kPage);
    EXPECT_EQ(0, in_process([&](Snapshot& snapshot) {
                  const bool kept =
                      munmap(memory, kPage) != 0 && errno == EPERM && mprotect(memory, kPage, PROT_READ) != 0 &&
                      mmap(memory, kPage, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED;
                  // A heap that shrinks would lose pages.
                  const void* end = sbrk(0);
                  sbrk(-static_cast<intptr_t>(2 * kPage));
                  return kept && sbrk(0) == end && snapshot.restore();
              }));
    munmap(memory, kPage);
}

// The stack cannot be given back, and is no change.
__attribute__((noinline)) size_t use_stack() {
    volatile char deep[1 << 20];
    for (size_t i = 0; i < sizeof deep; i += kPage) deep[i] = 1;
    return static_cast<size_t>(deep[kPage]);
}

TEST_F(SnapshotTest, LetsTheStackGrow) {
    EXPECT_EQ(0, in_process([&](Snapshot& snapshot) {
                  void* one = map(kPage);
                  const bool used = use_stack() == 1;
                  return used && snapshot.restore() && !is_mapped(one) && snapshot.restore();
              }));
}

// The allocator and the threads of the C library go on with what they had.
TEST_F(SnapshotTest, LeavesTheCLibraryInOrder) {
    EXPECT_EQ(0, in_process([&](Snapshot& snapshot) {
                  for (int time = 0; time < 20; time++) {
                      std::vector<std::unique_ptr<char[]>> blocks;
                      for (size_t size = 16; size < (4u << 20); size *= 2)
                          blocks.push_back(std::make_unique<char[]>(size));
                      std::thread([] { s_data = 2; }).join();
                      for (auto& block : blocks) (void)block.release();
                      new (&blocks) std::vector<std::unique_ptr<char[]>>;
                      if (!snapshot.restore() || s_data != 1) return false;
                  }
                  return true;
              }));
}

TEST_F(SnapshotTest, SeesWhatTheKernelWrites) {
    static char s_read[kPage];
    EXPECT_EQ(0, in_process([&](Snapshot& snapshot) {
                  const int file = open("/dev/urandom", O_RDONLY);
                  const bool got = read(file, s_read, sizeof s_read) == sizeof s_read;
                  close(file);
                  if (!got || !snapshot.restore()) return false;
                  for (const char byte : s_read)
                      if (byte != 0) return false;
                  return true;
              }));
}

// A value for each moment at which somebody may write: where its page is written then, it has the moment's number.
enum Moment { kBeforeKeeping, kKept, kRefreshed, kForked, kInChild, kMoments };
char s_pages[(kMoments + 1) * kPage];

void write_at(Moment moment) { s_pages[moment * kPage] = static_cast<char>(1 + moment); }

bool are_written() {
    for (int moment = 0; moment < kMoments; moment++)
        if (s_pages[moment * kPage] != 1 + moment) return false;
    return true;
}

int child_of_keeper(Snapshot& snapshot) {
    write_at(kInChild);
    // The parent writes this one after the fork.
    s_pages[kForked * kPage] = static_cast<char>(1 + kForked);
    if (!snapshot.adopt().empty() || !snapshot.take().empty()) return 2;
    for (int time = 0; time < 2; time++) {
        if (!are_written()) return 3;
        memset(s_pages, 99, sizeof s_pages);
        void* one = map(kPage);
        if (!snapshot.restore() || is_mapped(one)) return 4;
    }
    return are_written() ? 0 : 5;
}

TEST_F(SnapshotTest, IsSharedByChildren) {
    const pid_t keeper = fork();
    if (keeper == 0) {
        Snapshot snapshot;
        write_at(kBeforeKeeping);
        if (!snapshot.open().empty() || !snapshot.keep()) _exit(9);
        write_at(kKept);
        int result = 0;
        for (int child = 0; child < 3 && result == 0; child++) {
            snapshot.refresh(true);
            write_at(kRefreshed);
            const pid_t pid = fork();
            if (pid == 0) _exit(child_of_keeper(snapshot));
            s_pages[kForked * kPage] = 77;
            snapshot.tell();
            int status = 0;
            waitpid(pid, &status, 0);
            result = WIFEXITED(status) ? WEXITSTATUS(status) : 8;
        }
        _exit(result);
    }
    int status = 0;
    waitpid(keeper, &status, 0);
    EXPECT_EQ(0, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

}  // namespace
}  // namespace tracemill::host
