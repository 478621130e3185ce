// The C interface of the core: the shared library (one per Python minor version, `core-cp3XX.so`) that holds the
// tracer. The tracer process and the addon open it with dlopen after libpython, so neither links Python and one build
// serves several installed versions.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TM_CORE_ABI 7u

// Where a record grows. The memory belongs to the caller, may be shared between processes, and never moves: a reader in
// another process sees `committed` bytes of complete operations at any time, also after the writer was killed.
typedef struct tm_arena {
    uint8_t* base;
    uint64_t capacity;
    uint64_t committed;  // written with release order after every complete operation
} tm_arena;

// What is known about the run while it goes on; lives beside the arena, so a supervisor can finish the record.
typedef struct tm_progress {
    uint64_t events;        // events that happened, recorded or not
    uint64_t lines;         // line events among them
    uint64_t stdout_bytes;  // written by the program, also past the bound
    uint64_t stderr_bytes;
    uint64_t recording_ns;      // what recording took so far, as far as it was measured (recording_time.h)
    uint64_t looking_since_ns;  // CLOCK_MONOTONIC at which a look began that goes on, 0 = none
    uint32_t interrupt;         // set by another thread or process: stop at the next event
    uint32_t limit;             // format::Status of the first limit that was hit, 0 = none
    uint32_t unrecorded;        // 1 = recording took its time, and the program goes on without it
} tm_progress;

typedef struct tm_text {
    const char* data;  // not NUL-terminated; generalised UTF-8
    uint64_t size;
} tm_text;

typedef enum tm_scope { TM_SCOPE_PROGRAM = 0, TM_SCOPE_ENTRY = 1, TM_SCOPE_ALL = 2 } tm_scope;
typedef enum tm_objects { TM_OBJECTS_FIELDS = 0, TM_OBJECTS_REPR = 1 } tm_objects;
typedef enum tm_threads { TM_THREADS_ALL = 0, TM_THREADS_MAIN = 1 } tm_threads;
// What may run here, and what becomes of the process's memory afterwards.
typedef enum tm_tier {
    TM_TIER_TAME = 0,      // only what can leave nothing for later programs: memory is not put back after each of them
    TM_TIER_ANY = 1,       // no program has run since memory was as at the start; it can be put back after this one
    TM_TIER_RESTORED = 2,  // the same, and the program is known not to be tame
    TM_TIER_ALONE = 3      // the process runs no other program, or trusts its programs
} tm_tier;
// What a run means for the next program of the process.
typedef enum tm_run_end {
    TM_RUN_CLEAN = 0,    // the program was tame: the next one may follow
    TM_RUN_RESTORE = 1,  // memory must be put back before another program runs
    TM_RUN_REPEAT = 2,   // the program is not tame: its record is void, it must run where memory is as at the start
    TM_RUN_SPOILED = 3   // the process must not run another program
} tm_run_end;
// How a process ends whose program took native access where the tier has no room for it; its record is void.
#define TM_NATIVE_STATUS 4

// What the hook does: the two lesser modes exist for the benchmarks' baselines.
typedef enum tm_mode { TM_MODE_TRACE = 0, TM_MODE_UNTRACED = 1, TM_MODE_EMPTY_HOOK = 2 } tm_mode;

typedef struct tm_options {
    uint64_t max_events;          // in the record; 0 = unbounded
    uint64_t max_output_bytes;    // per stream
    uint64_t max_memory_bytes;    // above what the warm interpreter holds; 0 = unbounded
    uint64_t max_recorder_bytes;  // the recorder's own memory, the record left out; 0 = unbounded
    uint64_t max_recording_ns;    // wall time that recording may add: always bounded, so that no program runs for ever
    uint64_t max_value_chars;     // 0 = unbounded
    uint64_t seed;                // of `random`
    uint64_t loop_head;           // with skip_loops: iterations kept of each loop, the first, at least 1,
    uint64_t loop_tail;           // and the last, at least 1
    uint32_t scope;               // tm_scope
    uint32_t objects;             // tm_objects
    uint32_t mode;                // tm_mode
    uint32_t threads;             // tm_threads: whose events are recorded
    uint32_t skip_loops;          // 1 = only the first and last iterations of loops are recorded
    uint32_t timings;             // 1 = write CPU and wall time into the outcome
    uint32_t trusted;             // 1 = no audit policy (inline)
    uint32_t show_module_values;  // 1 = modules, functions and classes among a module's names too
    uint32_t program_file;        // descriptor of /program/program.py, open for writing; 0 = there is none
    uint32_t scratch;             // 1 = programs may write below /program and /tmp
    uint32_t tier;                // tm_tier
} tm_options;

typedef struct tm_program {
    tm_text code;
    tm_text entry;  // data NULL = the module is the program
    tm_text stdin_text;
    const tm_text* argv;
    uint64_t argc;
    uint32_t code_comes_again;  // 1 = another program with the same code follows, so that it is worth keeping compiled
} tm_program;

typedef struct tm_runtime {
    const char* executable;      // absolute path of the interpreter whose installation is used (a venv's is fine)
    uint32_t site_import;        // 1 = third-party modules can be imported
    uint32_t deepbind;           // 1 = extension modules get their own zlib, OpenSSL (needed inside Node)
    const char* const* preload;  // modules to import once
    uint64_t preload_count;
    uint32_t guard;  // 1 = programs must not see each other: what a tame one may change is put back; pids are fixed
    // 1 = a process that runs programs has their streams as descriptors 0, 1 and 2, put there by whoever made it
    uint32_t standard_descriptors;
    // Where the address space of programs is bounded: lets it grow by so much above the bound, of which `data` may be
    // private and writable; each call replaces what the last one said. NULL = nothing is bounded.
    void (*set_room)(uint64_t address_space, uint64_t data);
    const uint64_t* system_refusals;  // how often malloc() and its like failed so far; NULL = nobody counts
} tm_runtime;

// The files behind a program's stdin, stdout and stderr, as descriptors that fork() inherits.
typedef struct tm_stream_files {
    int file[3];    // to fill and to read, for us
    int opened[3];  // the same files as programs have them: for reading, for writing, for writing
} tm_stream_files;

typedef struct tm_core {
    uint32_t abi;
    // All functions must be called on one thread, the one that initialised. Zero on success; otherwise `error` holds
    // one line of text.
    int (*initialize)(const tm_runtime* runtime, char* error, size_t error_size);
    // Around fork() of an initialised interpreter; all three are mandatory.
    void (*before_fork)(void);
    void (*after_fork_parent)(void);
    void (*after_fork_child)(void);
    // Runs one program and writes its record, outcome included, into the (empty) arena. Answers a tm_run_end.
    int (*run)(const tm_program* program, const tm_options* options, tm_arena* arena, tm_progress* progress);
    // May be called on any thread while run() goes on: makes Python raise at its next instruction boundary, inside
    // library code too. Waits for the GIL, so not while code stuck in C holds it; does nothing to a run whose
    // `progress.interrupt` is not set.
    void (*interrupt)(void);
    // Of this process, once initialised. What a program wrote is in them until the next one runs, also when the process
    // that ran it was killed.
    const tm_stream_files* (*stream_files)(void);
    // "3.12.1"
    const char* (*python_version)(void);
} tm_core;

// The only exported symbol.
__attribute__((visibility("default"))) const tm_core* tracemill_core(void);

#ifdef __cplusplus
}
#endif
