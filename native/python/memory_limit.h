// Counts what Python allocates and refuses what would pass a limit, so that a program gets MemoryError at the same
// byte on every machine. Objects above 512 bytes reach the RAW domain, smaller ones are seen as whole arenas. Memory
// that C libraries take is not seen here: the tracer process has limits of address space for that
// (host/sandbox_limits.h).
//
// What is allocated for the recording is neither counted here nor refused: it comes from the recorder's own heap
// (recorder_heap.h). So a program meets its limit at the same allocation whether it is recorded or not.
#pragma once

#include <cstdint>

namespace tracemill::python {

// Before the interpreter starts (RAW domain; false when there are no addresses left for the recorder's heap) and after
// (arenas and small objects).
bool install_raw_allocator();
void install_arena_allocator();

// From now on, allow `bytes` above what is in use; 0 = unbounded. Refusals are counted from here.
void set_memory_limit(uint64_t bytes);

// The limit is at least `bytes` above what is in use.
void allow_more_memory(uint64_t bytes);

// What the system refuses to C libraries counts, too, where somebody counts it.
void count_system_refusals(const uint64_t* refusals);

// Whether an allocation was refused since the limit was set.
bool memory_was_refused();
// How often so far.
uint64_t memory_refusals();

// A trace function is set: CPython allocates for it, too (tracing_memory.h).
void set_tracing(bool tracing);

// While one of these lives, what this thread allocates is the recorder's.
class RecorderScope {
  public:
    RecorderScope() { ++s_depth; }
    ~RecorderScope() { --s_depth; }
    RecorderScope(const RecorderScope&) = delete;
    RecorderScope& operator=(const RecorderScope&) = delete;

    static bool is_open() { return s_depth != 0; }

  private:
    // Asked at every allocation, so without the call that a library's thread-local variables cost otherwise.
    [[gnu::tls_model("initial-exec")]] static inline thread_local uint32_t s_depth = 0;
};

}  // namespace tracemill::python
