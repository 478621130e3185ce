// Runs the items of a batch in an executor, each in the cheapest way that leaves nothing for the next one.
#pragma once

#include "host/executor.h"
#include "host/file_tree.h"
#include "host/restorer.h"
#include "host/shared_area.h"

#include <cstdint>

namespace tracemill::host {

class ItemRunner {
  public:
    // `restorer` null: only tame programs can follow one another here. Has to live on the stack, as `restorer` does.
    ItemRunner(const tm_core& core, const tm_options& options, const FileTree& files, SharedArea& area, int socket,
               bool alone, Restorer* restorer)
        : core_(core), options_(options), files_(files), area_(area), socket_(socket), alone_(alone),
          restorer_(restorer) {}

    // Returns when the item has its record and the process may run another one; ends the process otherwise.
    void run(const tm_program& program, uint32_t item);
    // What tame programs may have left all the same goes no further than this.
    void end_batch();

  private:
    tm_run_end attempt(const tm_program& program, tm_tier tier);
    void finish(uint32_t item, wire::Tier tier);
    bool tidy_files() const;
    bool try_to_restore();
    void restore();

    const tm_core& core_;
    tm_options options_;
    const FileTree& files_;
    SharedArea& area_;
    const int socket_;
    const bool alone_;
    Restorer* const restorer_;
    bool fresh_ = true;  // no program ran since memory was as at the start
};

// The supervisor is gone or broken when this fails: nobody is left to report to, and the process ends.
void signal_supervisor(int socket, Signal signal);

}  // namespace tracemill::host
