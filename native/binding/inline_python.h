// Brings Python into this process: libpython first, for all to see, then the core, which was linked against no
// particular one. At most one Python, for good: it is never finalised and nothing is ever closed.
#pragma once

#include <optional>
#include <string>

#include "binding/inline_job.h"

namespace tracemill::binding {

// Used on the engine's thread only, which thereby becomes Python's main thread.
class InlinePython {
  public:
    // A second call with the same request succeeds; with another one it fails and changes nothing.
    std::optional<Failure> open(const OpenRequest& request);
    // Null until opened.
    const tm_core* core() const { return core_; }

  private:
    std::optional<Failure> load(const OpenRequest& request, const tm_core*& core);

    const tm_core* core_ = nullptr;
    OpenRequest opened_;     // what `core_` was opened with
    std::string libpython_;  // in this process since; another one would mix with it
    std::string broken_;     // why Python can never start in this process, else empty
};

}  // namespace tracemill::binding
