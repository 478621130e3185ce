// What a program leaves for the end of the process, in the order in which Python does it there: threads that it did not
// wait for, functions registered with atexit, finalisers of what its module still holds. All of it runs within the
// program's limits and writes to its output.
#pragma once

#include <string>

#include "python/ref.h"
#include "trace/main_thread.h"

namespace tracemill::trace {

class DeferredWork {
  public:
    // Once per process. Empty or an error text.
    std::string prepare();

    // Waits for threads and calls exit functions. Exceptions are reported on the program's stderr, as Python does.
    void finish(MainThread& main_thread);

    // Ends `__main__`, which nothing but sys.modules needs to hold any more: it is collected whole, so that finalisers
    // still find every name. Where something else holds the module, its names become None one by one.
    static void end_module();

    // The names of `__main__` may outlive it, where the library holds a function of the program; CPython ends them when
    // it clears what holds that. `names` may be gone.
    void end_held_names(const PyObject* names) const;

    // Between programs nothing is registered, whatever an earlier one's finalisers did.
    void forget();

  private:
    void shut_threads_down(MainThread& main_thread) const;
    void run_exits() const;
    // What `logging` registered when it was imported, which was not in this program.
    void shut_logging_down() const;

    python::Owned threading_;
    python::Owned exits_of_threads_;  // threading._threading_atexits
    Py_ssize_t exits_of_library_ = 0;
    python::Owned log_handlers_;  // logging._handlerList
    Py_ssize_t log_handlers_of_library_ = 0;
    python::Owned end_logging_;   // logging.shutdown
    python::Owned register_;      // atexit.register
    python::Owned run_exits_;     // atexit._run_exitfuncs
    python::Owned count_exits_;   // atexit._ncallbacks
    python::Owned forget_exits_;  // atexit._clear
    python::Owned find_objects_;  // gc.get_objects
};

}  // namespace tracemill::trace
