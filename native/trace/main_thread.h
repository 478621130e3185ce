// The main thread as the library knows it. At the end of a program it is over for all that wait for it or ask, although
// the process goes on: so what they wait for is made anew for each program that could, and put back afterwards.
#pragma once

#include <string>

#include "python/ref.h"

namespace tracemill::trace {

class MainThread {
  public:
    // Once per process, while nothing waits. Empty or an error text.
    std::string prepare();

    // Before the program's first thread runs, or when its end begins.
    void renew();
    bool is_renewed() const { return static_cast<bool>(original_); }

    // As before the program.
    void restore();

  private:
    python::Owned make_state() const;

    python::Owned threading_;
    python::Owned thread_;    // the object that is threading.main_thread()
    python::Owned make_;      // of `_thread`
    python::Owned name_;      // of the thread's attribute that is renewed
    python::Owned original_;  // its value between programs
};

}  // namespace tracemill::trace
