#include "trace/callback.h"

#include <atomic>

#include "interface/recording_time.h"
#include "memory/account.h"
#include "python/call_levels.h"
#include "python/error.h"
#include "python/frame_objects.h"
#include "python/memory_limit.h"
#include "python/threads.h"
#include "trace/audit_policy.h"
#include "trace/containment.h"
#include "trace/run_state.h"

namespace tracemill::trace {
namespace {

bool interrupted(tm_progress& progress) {
    return std::atomic_ref<uint32_t>(progress.interrupt).load(std::memory_order_relaxed) != 0;
}

// Recording has used up its time or room. How the program would end is not its fault: it goes on.
void go_on_unrecorded(RunState& run) { std::atomic_ref(run.progress.unrecorded).store(1, std::memory_order_relaxed); }

// False when the record is full or has all the events that it may have.
[[gnu::noinline]] bool record_sampled(RunState& run, PyFrameObject* frame, int what, PyObject* argument) {
    run.events_to_sample = interface::kSampled;
    {
        const interface::SampledEvent sample(run.progress);
        if (!run.recorder.event(frame, what, argument)) return false;
    }
    if (interface::recorded_too_long(run.progress, interface::clock_ns(), run.options.max_recording_ns))
        go_on_unrecorded(run);
    return true;
}

int record_event(PyObject*, PyFrameObject* frame, int what, PyObject* argument);

void set_hook(RunState& run, Py_tracefunc hook) {
    run.changes_hook = true;
    const python::RecorderScope scope;
    PyEval_SetTrace(hook, nullptr);
    python::set_tracing(hook != nullptr);
    if (hook == record_event) {
        if (!run.may_profile) python::correct_call_levels(PyThreadState_Get());
    } else {
        python::leave_call_levels(PyThreadState_Get());
    }
    run.changes_hook = false;
}

// Whether an exception has just been raised, in the frame whose event it is, and does not come from one that it called.
bool is_new(PyObject* traceback) {
    return !PyTraceBack_Check(traceback) || !reinterpret_cast<PyTracebackObject*>(traceback)->tb_next;
}

// C libraries say in many ways that there was no memory. `raised`: of an event, (type, exception, traceback).
void note_refusal(RunState& run, PyObject* raised) {
    if (!raised || !PyTuple_CheckExact(raised) || PyTuple_GET_SIZE(raised) != 3) return;
    const PyObject* exception = PyTuple_GET_ITEM(raised, 1);
    const uint64_t refusals = python::memory_refusals();
    if (refusals != run.refusals) {
        run.refusals = refusals;
        run.refusal = exception;
    } else if (exception != run.refusal || is_new(PyTuple_GET_ITEM(raised, 2))) {
        // Another one may be where the last one was.
        run.refusal = nullptr;
    }
}

int record(PyFrameObject* frame, int what, PyObject* argument) {
    RunState* run = current_run();
    if (!run) [[unlikely]]
        tm_park_thread();  // the thread of a program that has ended
    if (what == PyTrace_CALL) {
        python::frame_object_made(frame);
        python::frame_takes_level(frame);
    } else if (what == PyTrace_RETURN) {
        python::frame_object_returns(frame);
        python::frame_gives_level(frame);
    } else if (what == PyTrace_EXCEPTION) {
        python::frame_object_needed(frame, argument);
        python::instruction_raised(frame);
        note_refusal(*run, argument);
    } else if (what == PyTrace_OPCODE) {
        python::instruction_begins(frame);
        return 0;
    }
    if (run->progress.limit != 0) [[unlikely]] {
        // Stopped already, and the program caught it: raise again wherever Python lets us.
        return what == PyTrace_LINE ? stop_run(*run, format::Status::kTimeout) : 0;
    }
    if (interrupted(run->progress)) [[unlikely]]
        return stop_run(*run, format::Status::kTimeout);
    if (run->progress.unrecorded != 0) [[unlikely]] {
        // Of this thread: every other one comes here by itself.
        set_hook(*run, nullptr);
        return 0;
    }
    const python::RecorderScope scope;
    const bool room = --run->events_to_sample != 0 ? run->recorder.event(frame, what, argument)
                                                   : record_sampled(*run, frame, what, argument);
    if (memory::was_refused()) [[unlikely]]
        return stop_run(*run, format::Status::kRecordLimit);
    if (!room) [[unlikely]] {
        if (!run->writer.full()) return stop_run(*run, format::Status::kEventLimit);
        go_on_unrecorded(*run);
    }
    return 0;
}

int record_event(PyObject*, PyFrameObject* frame, int what, PyObject* argument) {
    return contained(-1, [&] { return record(frame, what, argument); });
}

MainThread* s_main_thread;

// Of the threads that are not the main one.
void start_recording(PyThreadState* thread) {
    RunState* run = current_run();
    if (run) s_main_thread->renew();
    if (!run || run->options.mode != TM_MODE_TRACE || run->options.threads != TM_THREADS_ALL) return;
    if (run->progress.unrecorded != 0) return;
    run->recorder.thread_started(thread);
    tm_trace_new_thread(thread, record_event);
    if (!run->may_profile) python::correct_call_levels(thread);
}

// The least that a hook can do: the benchmarks' baseline.
int do_nothing(PyObject*, PyFrameObject*, int, PyObject*) { return 0; }

}  // namespace

void install_hook(RunState& run) {
    const auto mode = static_cast<tm_mode>(run.options.mode);
    if (mode != TM_MODE_UNTRACED && run.progress.unrecorded == 0)
        set_hook(run, mode == TM_MODE_TRACE ? record_event : do_nothing);
}

void remove_hook(RunState& run) { set_hook(run, nullptr); }

std::string watch_threads(MainThread& main_thread) {
    s_main_thread = &main_thread;
    return tm_watch_thread_starts(may_start_thread, start_recording) ? std::string()
                                                                     : "this Python starts threads in another way";
}

}  // namespace tracemill::trace
