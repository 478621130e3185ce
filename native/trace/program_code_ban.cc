#include "trace/program_code_ban.h"

#include "python/frame_access.h"
#include "trace/run_state.h"

namespace tracemill::trace {
namespace {

// The evaluator of frames is the interpreter's, for all threads. Bans of several threads may overlap in time, where a
// library's repr lets the others run: the first of them replaces it and the last puts it back. Guarded by the GIL.
int s_bans = 0;
_PyFrameEvalFunction s_before = nullptr;
thread_local int t_bans = 0;

// Of the program's module, or of no module at all: of a namespace that it gave to exec().
bool is_program_code(const RunState& run, PyObject* globals) {
    static PyObject* const kSpec = PyUnicode_InternFromString("__spec__");
    return globals == run.globals || !PyDict_CheckExact(globals) || !PyDict_GetItemWithError(globals, kSpec);
}

// A frame that starts with an exception set unwinds at once, and CPython tidies it up as any other.
PyObject* evaluate_library_code(PyThreadState* thread, _PyInterpreterFrame* frame, int throws) {
    const RunState* run = current_run();
    if (!throws && t_bans > 0 && run && is_program_code(*run, tm_globals_of(frame))) {
        PyErr_SetString(PyExc_RuntimeError, "the program's code does not run while its values are recorded");
        throws = 1;
    }
    return _PyEval_EvalFrameDefault(thread, frame, throws);
}

}  // namespace

ProgramCodeBan::ProgramCodeBan(bool wanted) : wanted_(wanted) {
    if (!wanted_) return;
    ++t_bans;
    if (s_bans++ > 0) return;
    PyInterpreterState* interpreter = PyInterpreterState_Get();
    s_before = _PyInterpreterState_GetEvalFrameFunc(interpreter);
    _PyInterpreterState_SetEvalFrameFunc(interpreter, evaluate_library_code);
}

ProgramCodeBan::~ProgramCodeBan() {
    if (!wanted_) return;
    --t_bans;
    if (--s_bans == 0) _PyInterpreterState_SetEvalFrameFunc(PyInterpreterState_Get(), s_before);
}

}  // namespace tracemill::trace
