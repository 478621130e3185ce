// Keeps a warm interpreter that never runs a program, forks executors from it, watches the clock, and finishes the
// records of programs whose executor died. Single-threaded: a fork must not lose threads that hold locks.
#pragma once

#include "host/configuration.h"
#include "host/executor.h"
#include "host/frames.h"
#include "host/record_store.h"
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
        bool starts = true;  // it was given no other batch yet
    };
    enum class Wake { kSignal, kDeath, kDeadline, kNodeGone };

    // Reads the head of the next batch. False when Node is gone.
    bool await_batch(FrameHeader& header);
    // False when Node is gone.
    bool run_batch();
    // Lets an executor go on from item `done()`, a new one where there is none.
    void let_run();
    void start_executor();
    // Tells the executor that goes on, or is to be made, where the batch stands; its records start over in the area.
    void share_place();
    Wake wait();
    // Whether the executor may say that the running item starts over.
    bool starts_over();
    // CLOCK_MONOTONIC ns of the running item's deadline, or of the executor's when it is through; UINT64_MAX = none.
    uint64_t deadline();
    // Bytes of each stream that a record holds.
    uint64_t most_output() const;
    // That the executor of the current batch must be able to write into a file.
    uint64_t file_bytes() const;
    // Copies the records that the executor finished. False when it reported what cannot be: its memory is damaged.
    bool collect();
    // Items before it are finished, as the executor says, of those that it was given.
    uint32_t completed();
    // Kills what is left of the executor, waits for it and answers waitpid()'s status.
    int end_executor(uint64_t* cpu_ns = nullptr);
    // After anything but an expected signal: ends the executor, and the running item's record unless the item is to run
    // again.
    void replace_executor(Wake wake);
    // Whether the next item has a process of its own.
    bool runs_alone() const;
    // Writes the record of the item that was running when its executor died into records_.room(). Answers its size.
    uint64_t finish_running(Wake wake, int status, uint64_t cpu_ns, bool sound);
    // Sends what the executor finished meanwhile. False when Node is gone.
    bool show_records(uint64_t now);
    // Sends the records that Node does not have. False when Node is gone.
    bool send_records();
    uint32_t done() const { return records_.count(); }

    const tm_core& core_;
    const Configuration& configuration_;
    const Sandbox& sandbox_;
    FrameReader& reader_;
    FrameWriter& writer_;
    Snapshot snapshot_;    // before the memory for records, which no executor has
    const bool restores_;  // executors can be put back
    SharedArea area_;
    RecordStore records_;  // of the batch's items so far
    uint8_t python_minor_;
    Recycling recycling_;
    int started_;                 // eventfd: the executor got as far as its first program, whatever it says itself
    uint32_t failed_starts_ = 0;  // executors in a row that died before they ran anything

    Executor executor_;
    bool told_ = false;      // whether the executor knows of the current batch
    uint32_t end_item_ = 0;  // one past the last that it may run: nothing that it says of later ones counts
    wire::Batch batch_;
    uint32_t count_ = 0;                 // of the batch's items
    uint32_t sent_ = 0;                  // items whose record Node has
    uint32_t alone_item_ = UINT32_MAX;   // that has to run in a process of its own
    uint32_t again_item_ = UINT32_MAX;   // whose time started over
    uint32_t killed_item_ = UINT32_MAX;  // whose executor was killed from outside, or as if
    uint64_t next_offset_ = 0;           // where the executor's next record starts in the area
    uint32_t seen_item_ = 0;             // the running item when it was last looked at
    uint64_t seen_at_ = 0;               // when it was first seen
    Showing showing_;
};

}  // namespace tracemill::host
