// The process that runs programs: a fork of the supervisor's warm interpreter.
#pragma once

#include "host/configuration.h"
#include "host/sandbox.h"
#include "host/shared_area.h"
#include "wire/batch.h"

#include <cstdint>

namespace tracemill::host {

// Bytes on the socket pair between supervisor and executor; everything else they say lies in shared memory.
enum class Signal : uint8_t {
    kNewBatch = 'B',  // to the executor: decode the input area and run it from its first item
    kContinue = 'C',  // to the executor: the records were taken, go on with the batch
    kPaused = 'P',    // to the supervisor: take the records; the batch goes on after that
    kDone = 'E',      // to the supervisor: the items asked for are done
};

// How an executor ends whose interpreter was found changed when it was compared with its start.
inline constexpr int kChangedStatus = 3;

// What a fresh executor does first.
struct Assignment {
    uint32_t first_item;
    uint32_t end_item;     // one past the last
    bool exits_when_done;  // else it waits for the next batch
    uint64_t file_bytes;   // that a file may grow to, of those behind the standard streams
    int started;           // eventfd that is written to before the first program, and closed
};

// Runs in the child and never returns. `batch` is the supervisor's, inherited by the
// fork.
[[noreturn]] void execute(const tm_core& core, const Configuration& configuration, const Sandbox& sandbox,
                          SharedArea& area, wire::Batch batch, Assignment assignment, int socket, int supervisor_pid);

}  // namespace tracemill::host
