// Keeps a warm interpreter that never runs a program, forks executors from it, watches the clock, and finishes the
// records of programs whose executor died. Single-threaded: a fork must not lose threads that hold locks.
#pragma once

#include "host/configuration.h"
#include "host/executor.h"
#include "host/frames.h"
#include "host/recycle.h"
#include "host/sandbox.h"
#include "host/shared_area.h"
#include "host/showing.h"
#include "wire/batch.h"

#include <cstdint>
#include <sys/types.h>
#include <vector>

namespace tracemill::host {

class Supervisor {
  public:
    // Throws std::runtime_error. `reader` and `writer` are of Node's frames; `restores`: executors can be put back.
    Supervisor(const tm_core& core, const Configuration& configuration, const Sandbox& sandbox, FrameReader& reader,
               FrameWriter& writer, bool restores);
    ~Supervisor();
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;

    // Serves batches until Node closes the socket. Throws ProtocolError, std::runtime_error.
    void serve();

  private:
    struct Executor {
        pid_t pid = -1;   // -1 = none
        int pid_fd = -1;  // -1 = the kernel has none
        int socket = -1;
        uint64_t file_bytes = 0;  // that its files may grow to
        uint32_t first_item = 0;  // of its first batch
        bool alone = false;
        bool starts = true;  // it has finished no item yet
    };
    enum class Wake { kSignal, kDeath, kDeadline, kNodeGone };

    // Reads the head of the next batch. False when Node is gone.
    bool await_batch(FrameHeader& header);
    // False when Node is gone.
    bool run_batch();
    // Lets an executor go on from item `done()`, a new one where there is none.
    void let_run();
    void start_executor();
    Wake wait();
    // Whether the executor may say that the running item starts over.
    bool starts_over();
    // CLOCK_MONOTONIC ns of the running item's deadline; UINT64_MAX = none.
    uint64_t deadline();
    // Bytes of each stream that a record holds.
    uint64_t most_output() const;
    // That the executor of the current batch must be able to write into a file.
    uint64_t file_bytes() const;
    // Takes over what the executor finished. False when it reported what cannot be: its memory is damaged.
    bool collect();
    void collect_record(RecordSlot slot, Tier tier);
    // Kills what is left of the executor, waits for it and answers waitpid()'s status.
    int end_executor(uint64_t* cpu_ns = nullptr);
    // After anything but an expected signal: ends the executor, and the running item's record unless the item is to run
    // again.
    void replace_executor(Wake wake);
    // Whether the next item has a process of its own.
    bool runs_alone() const;
    // Writes the record of the item that was running when its executor died. Answers its size.
    uint64_t finish_running(Wake wake, int status, uint64_t cpu_ns, bool sound);
    // Sends what the executor finished meanwhile. False when Node is gone.
    bool show_records(uint64_t now);
    // Sends the records that Node does not have. False when Node is gone.
    bool send_records();
    // Of all items that are done; Node must have them, and no program be running.
    void free_records();
    uint32_t done() const { return static_cast<uint32_t>(records_.size()); }

    const tm_core& core_;
    const Configuration& configuration_;
    const Sandbox& sandbox_;
    FrameReader& reader_;
    FrameWriter& writer_;
    const bool restores_;
    SharedArea area_;
    uint8_t python_minor_;
    Recycling recycling_;
    uint32_t failed_starts_ = 0;  // executors in a row that died before they ran anything

    Executor executor_;
    bool told_ = false;  // whether the executor knows of the current batch
    wire::Batch batch_;
    uint32_t count_ = 0;      // of the batch's items
    uint32_t sent_ = 0;       // items whose record Node has
    uint32_t alone_item_ = UINT32_MAX;   // that has to run in a process of its own
    uint32_t again_item_ = UINT32_MAX;   // whose time started over
    uint32_t killed_item_ = UINT32_MAX;  // whose executor was killed from outside, or as if
    std::vector<RecordSlot> records_;    // of the batch's items so far; checked, out of the executor's reach
    std::vector<Tier> tiers_;            // of the same items
    uint64_t next_offset_ = 0;           // where the next record starts
    uint32_t seen_item_ = 0;             // the running item when it was last looked at
    uint64_t seen_at_ = 0;               // when it was first seen
    Showing showing_;
};

}  // namespace tracemill::host
