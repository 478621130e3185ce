// While one of these lives, no function of the program runs on this thread: calls of them raise. For looking at objects
// of library types that hold objects of the program and would ask them. Other threads go on.
#pragma once

#include "python/compat.h"

namespace tracemill::trace {

class ProgramCodeBan {
  public:
    // `wanted` false: nothing is banned.
    explicit ProgramCodeBan(bool wanted);
    ~ProgramCodeBan();
    ProgramCodeBan(const ProgramCodeBan&) = delete;
    ProgramCodeBan& operator=(const ProgramCodeBan&) = delete;

  private:
    const bool wanted_;
};

}  // namespace tracemill::trace
