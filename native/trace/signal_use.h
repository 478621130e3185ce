// What a program does with signals: handlers, and timers that send them. They work while it runs; nothing of them is
// there when the next one starts. Inside Node they would be Node's, and are refused.
#pragma once

#include <bitset>
#include <string>
#include <vector>

#include "python/ref.h"

namespace tracemill::trace {

class SignalUse {
  public:
    // Once per process. From here on the functions that set timers and handlers, whoever holds them already, are
    // noticed here; they look as before. Empty or an error text.
    std::string prepare();

    // With the program still able to run: stops its timers, and its handlers see what they had sent.
    void finish();

    // After its last finaliser: no timer, and the handlers of the start.
    void restore();

  private:
    static constexpr int kSignals = 65;

    std::vector<python::Owned> handlers_;  // of the start, by number
    python::Owned set_handler_;            // _signal.signal
};

}  // namespace tracemill::trace
