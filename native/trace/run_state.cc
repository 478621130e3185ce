#include "trace/run_state.h"

namespace tracemill::trace {
namespace {

RunState* s_run = nullptr;

}  // namespace

RunState* current_run() { return s_run; }
void set_current_run(RunState* run) { s_run = run; }

PyObject* stop_exception() {
    static PyObject* const kStop = PyErr_NewException("tracemill.RunStopped", PyExc_BaseException, nullptr);
    return kStop;
}

int stop_run(RunState& run, format::Status limit) {
    if (run.progress.limit == 0) run.progress.limit = static_cast<uint32_t>(limit);
    PyErr_SetString(stop_exception(), "the run was stopped at a limit");
    return -1;
}

}  // namespace tracemill::trace
