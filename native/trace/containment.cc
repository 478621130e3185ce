#include "trace/containment.h"

#include "python/memory_limit.h"
#include "trace/run_state.h"

namespace tracemill::trace {

void stop_failed_recording() noexcept {
    const python::RecorderScope scope;
    RunState* run = current_run();
    if (!run) {
        PyErr_NoMemory();
        return;
    }
    run->recorder.abandon_event();
    stop_run(*run, format::Status::kRecordLimit);
}

}  // namespace tracemill::trace
