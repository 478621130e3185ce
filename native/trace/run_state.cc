#include "trace/run_state.h"

namespace tracemill::trace {

PyObject* stop_exception() {
    static PyObject* const kStop = PyErr_NewException("tracemill.RunStopped", PyExc_BaseException, nullptr);
    return kStop;
}

int refuse(RunState* run, const std::string& operation) {
    if (run) run->denied = operation;
    PyErr_Format(PyExc_PermissionError, "not allowed in a traced program: %s", operation.c_str());
    return -1;
}

int stop_run(RunState& run, format::Status limit) {
    if (run.progress.limit == 0) run.progress.limit = static_cast<uint32_t>(limit);
    // A thread that ends with SystemExit ends silently.
    PyObject* type = run.recorder.is_on_main_thread() ? stop_exception() : PyExc_SystemExit;
    PyErr_SetString(type, "the run was stopped at a limit");
    return -1;
}

void stop_untame_run() {
    RunState& run = *current_run();
    run.stopped_untame = true;
    // The status is never read.
    stop_run(run, format::Status::kCrash);
}

}  // namespace tracemill::trace
