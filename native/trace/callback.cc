#include "trace/callback.h"

#include <atomic>

#include "python/error.h"
#include "trace/run_state.h"

namespace tracemill::trace {
namespace {

bool interrupted(tm_progress& progress) {
    return std::atomic_ref<uint32_t>(progress.interrupt).load(std::memory_order_relaxed) != 0;
}

int record_event(PyObject*, PyFrameObject* frame, int what, PyObject* argument) {
    RunState* run = current_run();
    if (!run) return 0;
    if (run->progress.limit != 0) [[unlikely]] {
        // Stopped already, and the program caught it: raise again wherever Python lets us.
        return what == PyTrace_LINE ? stop_run(*run, format::Status::kTimeout) : 0;
    }
    if (interrupted(run->progress)) [[unlikely]]
        return stop_run(*run, format::Status::kTimeout);
    if (!run->recorder.event(frame, what, argument)) [[unlikely]]
        return stop_run(*run, format::Status::kEventLimit);
    return 0;
}

// The least that a hook can do: the benchmarks' baseline.
int do_nothing(PyObject*, PyFrameObject*, int, PyObject*) { return 0; }

}  // namespace

void install_hook(tm_mode mode) {
    if (mode == TM_MODE_UNTRACED) return;
    PyEval_SetTrace(mode == TM_MODE_TRACE ? record_event : do_nothing, nullptr);
}

void remove_hook() { PyEval_SetTrace(nullptr, nullptr); }

}  // namespace tracemill::trace
