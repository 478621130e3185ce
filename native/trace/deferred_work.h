// What a program leaves for the end of the process, in the order in which Python does it there: threads that it did not
// wait for, functions registered with atexit, finalisers of what its module still holds. All of it runs within the
// program's limits and writes to its output.
#pragma once

#include <string>

#include "guard/state_guard.h"
#include "python/ref.h"

namespace tracemill::trace {

class DeferredWork {
  public:
    // Once per process. Empty or an error text.
    std::string prepare();

    // Waits for threads and calls exit functions. Exceptions are reported on the program's stderr, as Python does.
    void finish();

    // Ends `__main__`, which nothing but sys.modules needs to hold any more: it is collected whole, so that finalisers
    // still find every name. Where something else holds the module, its names become None one by one.
    static void end_module(guard::StateGuard& guard);

    // Between programs nothing is registered, whatever an earlier one's finalisers did.
    void forget();

  private:
    python::Owned wait_for_threads_;
    python::Owned run_exits_;     // atexit._run_exitfuncs
    python::Owned count_exits_;   // atexit._ncallbacks
    python::Owned forget_exits_;  // atexit._clear
};

}  // namespace tracemill::trace
