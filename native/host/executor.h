// The process that runs programs: a fork of the supervisor's warm interpreter.
#pragma once

#include "host/configuration.h"
#include "host/sandbox.h"
#include "host/shared_area.h"
#include "host/snapshot.h"

#include <cstdint>

namespace tracemill::host {

// Bytes on the socket pair between supervisor and executor; everything else they say lies in shared memory.
enum class Signal : uint8_t {
    kNewBatch = 'B',  // to the executor: run the batch in the input area from its first item
    kContinue = 'C',  // to the executor: the records were taken, go on with the batch
    kPaused = 'P',    // to the supervisor: take the records; the batch goes on after that
    kAgain = 'A',     // to the supervisor: the running item starts over, and so does its time
    kDone = 'E',      // to the supervisor: the items asked for are done
};

// What a fresh executor does first.
struct Assignment {
    uint32_t first_item;
    uint32_t end_item;    // one past the last
    bool alone;           // it runs these and ends; else it waits for the next batch
    bool restores;        // whether it may count on the kernel to put memory back
    uint64_t file_bytes;  // that a file may grow to, of those behind the standard streams
    int started;          // eventfd that is written to before the first program, and closed
};

// Runs in the child and never returns. The batch lies in `area`; `snapshot` is the parent's.
[[noreturn]] void execute(const tm_core& core, const Configuration& configuration, const Sandbox& sandbox,
                          SharedArea& area, Snapshot& snapshot, Assignment assignment, int socket, int supervisor_pid);

}  // namespace tracemill::host
