// driver LIBPYTHON CORE EXECUTABLE BATCH PASSES guard|open: runs the programs of a batch (the payload of a kBatch frame) in this
// process, without fork, sandbox and Node, so that a profiler sees the tracer and CPython and nothing else.
#include "host/core_library.h"
#include "trace/core.h"
#include "wire/batch.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

constexpr uint64_t ARENA_BYTES = uint64_t{64} << 20;
// As often as the tracer process, once per batch of programs of a tenth of a millisecond.
constexpr size_t PROGRAMS_PER_CHECK = 400;

uint64_t run_all(const tm_core& core, const tracemill::wire::Batch& batch, std::vector<uint8_t>& memory) {
    tm_options options{};
    options.max_output_bytes = 1 << 20;
    options.max_events = 1'000'000;
    options.max_memory_bytes = uint64_t{512} << 20;
    options.max_value_chars = 1'000;
    uint64_t events = 0;
    size_t ran = 0;
    for (const tm_program& program : batch.programs) {
        tm_arena arena{memory.data(), memory.size(), 0};
        tm_progress progress{};
        core.run(&program, &options, &arena, &progress);
        events += progress.events;
        if (++ran % PROGRAMS_PER_CHECK == 0 && core.check_state() != 0)
            throw std::runtime_error("the programs are not harmless");
    }
    return events;
}

}  // namespace

// The profiler collects while this runs; its name is what --toggle-collect knows.
extern "C" __attribute__((noinline)) uint64_t measured_passes(const tm_core& core, const tracemill::wire::Batch& batch,
                                                              std::vector<uint8_t>& memory, int passes) {
    uint64_t events = 0;
    for (int pass = 0; pass < passes; pass++) events += run_all(core, batch, memory);
    return events;
}

int main(int argc, char** argv) {
    if (argc != 7) {
        fprintf(stderr, "usage: driver LIBPYTHON CORE EXECUTABLE BATCH PASSES guard|open\n");
        return 2;
    }
    try {
        const tm_core* core = tracemill::host::open_core(argv[1], argv[2]);
        tm_runtime runtime{argv[3], 1, 0, nullptr, 0, std::string(argv[6]) == "guard"};
        char error[1024] = "";
        if (core->initialize(&runtime, error, sizeof error) != 0) throw std::runtime_error(error);
        std::ifstream file(argv[4], std::ios::binary);
        const std::string payload{std::istreambuf_iterator<char>(file), {}};
        tracemill::wire::Batch batch;
        std::string problem;
        if (!tracemill::wire::decode_batch(payload, batch, problem)) throw std::runtime_error(problem);
        std::vector<uint8_t> memory(ARENA_BYTES);
        // Caches of types and names, imports of what programs import.
        run_all(*core, batch, memory);
        const auto started = std::chrono::steady_clock::now();
        const uint64_t events = measured_passes(*core, batch, memory, atoi(argv[5]));
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
        printf("%zu %llu %.6f\n", batch.programs.size(), static_cast<unsigned long long>(events), took.count());
    } catch (const std::exception& failure) {
        fprintf(stderr, "driver: %s\n", failure.what());
        return 1;
    }
    fflush(stdout);
    // As in the tracer process, the interpreter is not finalised.
    _Exit(0);
}
