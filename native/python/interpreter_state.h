// Switches of the interpreter that programs can turn and that no Python object holds. Read from CPython's own
// structures, because a run of getters after every program would cost more than all else that is put back.
#pragma once

#include "python/compat.h"

#ifdef __cplusplus
extern "C" {
#endif

// Compared as bytes: no padding that is not zeroed, tm_read_settings() sees to it.
typedef struct tm_settings {
    // May be written back.
    int gc_thresholds[3];
    int gc_enabled;
    int gc_debug;
    int int_digits;  // sys.set_int_max_str_digits
    int coroutine_origin_depth;
    // Calls that may still nest in each other, in Python and from 3.12 in C: CPython loses count of them when it shows
    // exceptions with many others behind them.
    int calls_left[2];
    unsigned long switch_interval;  // microseconds
    // May not: whoever finds these changed starts a new process.
    int open_flags;        // of dlopen, sys.setdlopenflags
    int monitoring_tools;  // sys.monitoring.use_tool_id
    int threads;           // thread states, the caller's among them
    const void* audit_hooks;
    const void* profiler;
    const void* frozen;  // last object that gc.freeze() moved out of sight
    const void* async_generator_hooks[2];
} tm_settings;

void tm_read_settings(tm_settings* settings);
// The part that may be written back.
void tm_write_settings(const tm_settings* settings);

// Threads that Python knows, the caller's among them.
int tm_count_threads(void);

// The program's module has ended (1), or the next program comes (0): 3.12 refuses new threads from then on.
void tm_set_ending(int ending);

// Drops what the library does before and after a fork: new locks for old threads, new random numbers. Processes here
// fork while they have one thread, seed every program, and need a third less time without.
void tm_forget_fork_handlers(void);

// What `codecs` registers into: search functions (a list), what they found (a dict), error handlers (a dict). Borrowed.
void tm_codec_registries(PyObject* registries[3]);

int tm_has_instance_dict(PyTypeObject* type);
// From 3.13 attributes may lie in the object itself, where no one sees them change; this moves them into its dict.
void tm_detach_instance_dict(PyObject* object);

#ifdef __cplusplus
}
#endif
