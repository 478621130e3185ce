// The run that is going on: what the hook, the output streams and the audit policy share. One per process, because
// Python's hooks are.
#pragma once

#include <string>

#include "admission/admission.h"
#include "format/writer.h"
#include "interface/core.h"
#include "python/compat.h"
#include "trace/recorder.h"
#include "trace/standard_streams.h"

namespace tracemill::trace {

struct RunState {
    const tm_options& options;
    tm_progress& progress;
    format::RecordWriter& writer;
    Recorder& recorder;
    StandardStreams& streams;
    PyObject* globals;                                // of the program's module; borrowed, NULL when there is none
    const admission::Admission* admission = nullptr;  // while a tame program runs
    std::string denied{};                             // the operation refused last, as the program's exception names it
    std::string attempted{};                          // the last audit event that the kernel may refuse
    uint32_t events_to_sample = 1;                    // until one is timed: recording_time.h
    uint64_t refusals = 0;                            // of memory, when it was last asked
    // Raised when memory had just been refused, by whichever name: for comparison only, it may be gone.
    const PyObject* refusal = nullptr;
    // The program names a profile function, which would hear of the end of a call that another one heard begin.
    bool may_profile = false;
    bool refused_thread = false;  // for their number
    bool changes_hook = false;    // we set or remove the trace function, not the program
    bool stopped_untame = false;  // it met a barrier of the library: the run does not count
};

inline RunState* s_current_run = nullptr;

// NULL between runs.
inline RunState* current_run() { return s_current_run; }
inline void set_current_run(RunState* run) { s_current_run = run; }

// Ends the run: notes the limit (the first one wins) and raises the exception that unwinds the program, or one that
// ends the thread. Returns -1.
int stop_run(RunState& run, format::Status limit);

// Ends the run that goes on as one that does not count, and raises what unwinds the program.
void stop_untame_run();

// Refuses an operation to the program: raises PermissionError, which the outcome knows again. `run` may be NULL.
// Returns -1.
int refuse(RunState* run, const std::string& operation);

// The exception of stop_run(), not derived from Exception so that programs seldom swallow it; the hook raises it again
// when they do. Borrowed; created on first use.
PyObject* stop_exception();

}  // namespace tracemill::trace
