// NumPy's print options, which a program can set, and which may call functions of the program. While this lives they
// are those that NumPy starts with.
#pragma once

#include "python/ref.h"

namespace tracemill::trace {

class DefaultPrintOptions {
  public:
    DefaultPrintOptions();
    ~DefaultPrintOptions();
    DefaultPrintOptions(const DefaultPrintOptions&) = delete;
    DefaultPrintOptions& operator=(const DefaultPrintOptions&) = delete;

  private:
    python::Owned options_;  // the variable of the context; empty: nothing was changed
    python::Owned token_;
};

}  // namespace tracemill::trace
