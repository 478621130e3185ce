#include "trace/program_code_ban.h"

#include "python/frame_access.h"
#include "trace/run_state.h"

namespace tracemill::trace {
namespace {

// A frame that starts with an exception set unwinds at once, and CPython tidies it up as any other.
PyObject* evaluate_library_code(PyThreadState* thread, _PyInterpreterFrame* frame, int throws) {
    const RunState* run = current_run();
    if (!throws && run && tm_globals_of(frame) == run->globals) {
        PyErr_SetString(PyExc_RuntimeError, "the program's code does not run while its values are recorded");
        throws = 1;
    }
    return _PyEval_EvalFrameDefault(thread, frame, throws);
}

}  // namespace

ProgramCodeBan::ProgramCodeBan(bool wanted) {
    if (!wanted) return;
    PyInterpreterState* interpreter = PyInterpreterState_Get();
    d_before = _PyInterpreterState_GetEvalFrameFunc(interpreter);
    _PyInterpreterState_SetEvalFrameFunc(interpreter, evaluate_library_code);
}

ProgramCodeBan::~ProgramCodeBan() {
    if (d_before) _PyInterpreterState_SetEvalFrameFunc(PyInterpreterState_Get(), d_before);
}

}  // namespace tracemill::trace
