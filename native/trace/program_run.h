// One run of one program, from source to outcome.
#pragma once

#include "trace/core.h"
#include "trace/environment.h"
#include "trace/source_cache.h"

namespace tracemill::trace {

struct Interpreter {
    Environment environment;
    SourceCache sources;
    uint64_t records = 0;  // written so far; numbers them
};

void run_program(Interpreter& interpreter, const tm_program& program, const tm_options& options, tm_arena& arena,
                 tm_progress& progress);

}  // namespace tracemill::trace
