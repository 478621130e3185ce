#include "trace/callback.h"

#include <atomic>

#include "python/error.h"
#include "python/frame_objects.h"
#include "python/threads.h"
#include "trace/run_state.h"

namespace tracemill::trace {
namespace {

bool interrupted(tm_progress& progress) {
    return std::atomic_ref<uint32_t>(progress.interrupt).load(std::memory_order_relaxed) != 0;
}

int record_event(PyObject*, PyFrameObject* frame, int what, PyObject* argument) {
    RunState* run = current_run();
    if (!run) [[unlikely]]
        tm_park_thread();  // the thread of a program that has ended
    if (what == PyTrace_CALL) {
        python::frame_object_made(frame);
    } else if (what == PyTrace_EXCEPTION) {
        python::frame_object_needed(frame, argument);
    }
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

// Of the threads that are not the main one.
void start_recording(PyThreadState* thread) {
    RunState* run = current_run();
    if (!run || run->options.mode != TM_MODE_TRACE || run->options.threads != TM_THREADS_ALL) return;
    run->recorder.thread_started(thread);
    tm_trace_new_thread(thread, record_event);
}

// The least that a hook can do: the benchmarks' baseline.
int do_nothing(PyObject*, PyFrameObject*, int, PyObject*) { return 0; }

void set_hook(RunState& run, Py_tracefunc hook) {
    run.changes_hook = true;
    PyEval_SetTrace(hook, nullptr);
    run.changes_hook = false;
}

}  // namespace

void install_hook(RunState& run) {
    const auto mode = static_cast<tm_mode>(run.options.mode);
    if (mode != TM_MODE_UNTRACED) set_hook(run, mode == TM_MODE_TRACE ? record_event : do_nothing);
}

void remove_hook(RunState& run) { set_hook(run, nullptr); }

std::string watch_threads() {
    return tm_watch_thread_starts(start_recording) ? std::string() : "this Python starts threads in another way";
}

}  // namespace tracemill::trace
