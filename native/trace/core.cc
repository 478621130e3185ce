// The exported interface of the core. See core.h.
#include "interface/core.h"

#include <atomic>
#include <cstdio>
#include <cstring>
#include <unistd.h>

#include "format/append_outcome.h"
#include "memory/account.h"
#include "python/collector.h"
#include "python/finalizing.h"
#include "python/frame_objects.h"
#include "python/heap_holes.h"
#include "python/interpreter_state.h"
#include "python/memory_limit.h"
#include "python/object_ordinals.h"
#include "python/ref.h"
#include "python/runtime.h"
#include "trace/array_view.h"
#include "trace/audit_policy.h"
#include "trace/callback.h"
#include "trace/known_types.h"
#include "trace/library_random.h"
#include "trace/native_access.h"
#include "trace/program_run.h"
#include "trace/python_text.h"
#include "trace/run_state.h"
#include "trace/source_text.h"
#include "trace/tracing_lock.h"

namespace tracemill::trace {
namespace {

// Never freed: the interpreter is never finalised, and objects in here belong to it.
Interpreter* s_interpreter = nullptr;
// Of the thread that initialised; between calls it does not hold the GIL, so that interrupt() can get it.
PyThreadState* s_thread = nullptr;
unsigned long s_thread_id = 0;
// An asynchronous exception was raised in the run that goes on; guarded by the GIL.
bool s_interrupted = false;

int report(const std::string& text, char* error, size_t error_size) {
    if (text.empty()) return 0;
    if (error_size > 0) std::snprintf(error, error_size, "%s", text.c_str());
    return -1;
}

// Moves everything alive now out of the collector's sight, so that a fork shares it. The second collection makes the
// collector's own figures those that every program starts with.
void freeze_heap() {
    PyGC_Collect();
    const python::Owned gc = python::Owned::steal(PyImport_ImportModule("gc"));
    const python::Owned done =
        gc ? python::Owned::steal(PyObject_CallMethod(gc.get(), "freeze", nullptr)) : python::Owned();
    PyErr_Clear();
    PyGC_Collect();
}

int initialize(const tm_runtime* runtime, char* error, size_t error_size) {
    std::string text = python::start_runtime(*runtime);
    if (!text.empty()) return report(text, error, error_size);
    s_interpreter = new Interpreter();
    text = s_interpreter->streams.prepare(runtime->standard_descriptors != 0);
    if (text.empty()) text = s_interpreter->environment.prepare();
    know_types();
    prepare_library_random();
    s_interpreter->literal_calls.prepare();
    bytearray_escapes_all();
    if (text.empty() && (!stop_exception() || !install_audit_policy())) text = "the Python runtime is incomplete";
    PyErr_Clear();
    if (text.empty()) text = python::ObjectOrdinals::install();
    python::watch_frame_objects();
    if (text.empty()) text = lock_tracing();
    if (text.empty()) text = s_interpreter->main_thread.prepare();
    if (text.empty()) text = watch_threads(s_interpreter->main_thread);
    if (text.empty() && !tm_watch_finalizing()) text = "this Python says in another way that it ends";
    if (text.empty()) text = s_interpreter->deferred.prepare();
    if (text.empty()) text = s_interpreter->signals.prepare();
    if (text.empty()) text = watch_native_access();
    if (text.empty() && runtime->guard) text = s_interpreter->admission.prepare(stop_untame_run);
    tm_forget_fork_handlers();
    freeze_heap();
    python::fill_heap_holes();
    if (!tm_prepare_collector() && text.empty()) text = "the Python runtime is incomplete";
    PyErr_Clear();
    if (text.empty() && runtime->guard) s_interpreter->admission.settle();
    s_thread_id = PyThread_get_thread_ident();
    s_thread = PyEval_SaveThread();
    return report(text, error, error_size);
}

void before_fork() {
    PyEval_RestoreThread(s_thread);
    PyOS_BeforeFork();
}

void after_fork_parent() {
    PyOS_AfterFork_Parent();
    s_thread = PyEval_SaveThread();
}

void after_fork_child() {
    PyOS_AfterFork_Child();
    // Nobody is there to tell; the supervisor tries again, and reports what goes wrong each time.
    if (!s_interpreter->streams.start_process()) _exit(1);
    s_thread_id = PyThread_get_thread_ident();
    s_thread = PyEval_SaveThread();
}

// An interruption that came as the run ended must not stop the next one. It is taken by letting Python raise it: taking
// it back with PyThreadState_SetAsyncExc(id, NULL) leaves the interpreter waiting for it at every instruction (3.11).
void absorb_interruption() {
    s_interrupted = false;
    const python::Owned code = compile_text("for _ in range(3): pass", "<tracemill>", Py_file_input);
    const python::Owned globals = python::Owned::steal(PyDict_New());
    if (code && globals) {
        const python::Owned done = python::Owned::steal(PyEval_EvalCode(code.get(), globals.get(), globals.get()));
    }
    PyErr_Clear();
}

// The recorder had no memory left where no program was there to be stopped: what was recorded stays.
void end_failed_run(tm_arena& arena, tm_progress& progress) {
    PyEval_SetTrace(nullptr, nullptr);
    set_current_run(nullptr);
    PyErr_Clear();
    if (progress.limit == 0) progress.limit = static_cast<uint32_t>(format::Status::kRecordLimit);
    format::Outcome outcome;
    outcome.status = static_cast<format::Status>(progress.limit);
    outcome.detail = "the recorder ran out of memory";
    outcome.events = progress.events;
    outcome.lines = progress.lines;
    outcome.stdout_bytes = progress.stdout_bytes;
    outcome.stderr_bytes = progress.stderr_bytes;
    format::append_outcome(arena.base, arena.capacity, &arena.committed, outcome, PY_MINOR_VERSION);
}

tm_run_end run_contained(const tm_program& program, const tm_options& options, tm_arena& arena, tm_progress& progress) {
    try {
        return run_program(*s_interpreter, program, options, arena, progress);
    } catch (const std::exception&) {
        end_failed_run(arena, progress);
        return options.tier == TM_TIER_ALONE ? TM_RUN_SPOILED : TM_RUN_RESTORE;
    }
}

int run(const tm_program* program, const tm_options* options, tm_arena* arena, tm_progress* progress) {
    PyEval_RestoreThread(s_thread);
    const tm_run_end end = run_contained(*program, *options, *arena, *progress);
    if (s_interrupted) absorb_interruption();
    s_thread = PyEval_SaveThread();
    return end;
}

void interrupt() {
    const PyGILState_STATE state = PyGILState_Ensure();
    RunState* run = current_run();
    // The run may have ended while we waited for the GIL.
    if (run && std::atomic_ref<uint32_t>(run->progress.interrupt).load() != 0) {
        if (run->progress.limit == 0) run->progress.limit = static_cast<uint32_t>(format::Status::kTimeout);
        s_interrupted = true;
        PyThreadState_SetAsyncExc(s_thread_id, stop_exception());
    }
    PyGILState_Release(state);
}

const tm_stream_files* stream_files() { return &s_interpreter->streams.files(); }

const char* python_version() {
    static char s_version[32];
    const char* full = Py_GetVersion();
    std::snprintf(s_version, sizeof s_version, "%.*s", static_cast<int>(std::strcspn(full, " +")), full);
    return s_version;
}

constexpr tm_core kCore = {TM_CORE_ABI, initialize, before_fork,  after_fork_parent, after_fork_child,
                           run,         interrupt,  stream_files, python_version};

}  // namespace
}  // namespace tracemill::trace

extern "C" const tm_core* tracemill_core(void) { return &tracemill::trace::kCore; }
