// One run of one program, from source to outcome.
#pragma once

#include "admission/admission.h"
#include "interface/core.h"
#include "trace/deferred_work.h"
#include "trace/environment.h"
#include "trace/literal_calls.h"
#include "trace/main_thread.h"
#include "trace/signal_use.h"
#include "trace/source_cache.h"
#include "trace/standard_streams.h"

namespace tracemill::trace {

struct Interpreter {
    Environment environment;
    StandardStreams streams;
    MainThread main_thread;
    DeferredWork deferred;
    SignalUse signals;
    admission::Admission admission;
    SourceCache sources;
    LiteralCalls literal_calls;
    uint64_t records = 0;          // written so far; numbers them
    bool needs_restoring = false;  // a program ran whose traces only memory that is put back is rid of
};

tm_run_end run_program(Interpreter& interpreter, const tm_program& program, const tm_options& options, tm_arena& arena,
                       tm_progress& progress);

}  // namespace tracemill::trace
