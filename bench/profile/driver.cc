// driver LIBPYTHON CORE EXECUTABLE BATCH PASSES MODE READABLE...: runs the programs of a batch (the payload of a kBatch
// frame) in this process, without a tracer process and Node, so that a profiler sees the tracer and CPython and nothing
// else. MODE: "open", "tame" = one after another as tame programs, those that are not left out, "sandbox" = the same in
// the sandbox of a tracer process. Prints the number of programs, events, and the seconds that the passes took. With SAMPLES=FILE in the
// environment it is sampled meanwhile (sampler.h), which takes time of its own.
// driver start PASSES bare|sandbox READABLE...: forks PASSES processes one after another that end at once, or when
// they have entered the sandbox. Prints their number, 0, and the seconds.
#include "host/core_library.h"
#include "host/sandbox.h"
#include "sampler.h"
#include "interface/core.h"
#include "wire/batch.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

using tracemill::host::Configuration;
using tracemill::host::Sandbox;
using Clock = std::chrono::steady_clock;

constexpr uint64_t kArenaBytes = uint64_t{64} << 20;
// As often as the tracer process, once per batch of programs of a tenth of a millisecond.
constexpr uint64_t kFileBytes = uint64_t{64} << 20;
constexpr int kNoSocket = -1;

Configuration configuration_of(char** readable) {
    Configuration configuration{};
    configuration.options.max_output_bytes = 1 << 20;
    configuration.options.max_events = 1'000'000;
    configuration.options.max_memory_bytes = uint64_t{512} << 20;
    configuration.options.max_value_chars = 1'000;
    // A profiler slows the clock down.
    configuration.options.max_recording_ns = 3'600'000'000'000;
    configuration.options.max_recorder_bytes = uint64_t{512} << 20;
    configuration.require_sandbox = true;
    for (; *readable; readable++) configuration.readable.emplace_back(*readable);
    return configuration;
}

void enter(const Sandbox& sandbox) {
    std::string error;
    if (!sandbox.enter(kFileBytes, error) || !sandbox.lock_system_calls({.control_socket = kNoSocket}, error)) throw std::runtime_error(error);
}

// As in a tracer process, where it is what programs find as their own file.
uint32_t program_file() {
    const int file = memfd_create("program.py", MFD_CLOEXEC);
    if (file <= 0) throw std::runtime_error("memfd_create failed");
    return static_cast<uint32_t>(file);
}

uint64_t run_all(const tm_core& core, const tm_options& options, const tracemill::wire::Batch& batch,
                 std::vector<uint8_t>& memory) {
    uint64_t events = 0;
    for (const tm_program& program : batch.programs) {
        tm_arena arena{memory.data(), memory.size(), 0};
        tm_progress progress{};
        core.run(&program, &options, &arena, &progress);
        events += progress.events;
    }
    return events;
}

// Those that may follow one another.
void keep_tame(const tm_core& core, const tm_options& options, tracemill::wire::Batch& batch,
               std::vector<uint8_t>& memory) {
    std::erase_if(batch.programs, [&](const tm_program& program) {
        tm_arena arena{memory.data(), memory.size(), 0};
        tm_progress progress{};
        return core.run(&program, &options, &arena, &progress) != TM_RUN_CLEAN;
    });
    if (batch.programs.empty()) throw std::runtime_error("no program of the batch is tame");
}

}  // namespace

// The profiler collects while this runs; its name is what --toggle-collect knows.
extern "C" __attribute__((noinline)) uint64_t measured_passes(const tm_core& core, const tm_options& options,
                                                              const tracemill::wire::Batch& batch,
                                                              std::vector<uint8_t>& memory, int passes) {
    uint64_t events = 0;
    for (int pass = 0; pass < passes; pass++) events += run_all(core, options, batch, memory);
    return events;
}

namespace {

void report(size_t count, uint64_t events, Clock::time_point started) {
    const std::chrono::duration<double> took = Clock::now() - started;
    printf("%zu %llu %.6f\n", count, static_cast<unsigned long long>(events), took.count());
}

void run_batch(char** argv) {
    const std::string mode = argv[6];
    const Configuration configuration = configuration_of(argv + 7);
    const tm_core* core = tracemill::host::open_core(argv[1], argv[2]);
    tm_runtime runtime{argv[3], 1, 0, nullptr, 0, mode != "open", 0};
    char error[1024] = "";
    if (core->initialize(&runtime, error, sizeof error) != 0) throw std::runtime_error(error);
    std::ifstream file(argv[4], std::ios::binary);
    const std::string payload{std::istreambuf_iterator<char>(file), {}};
    tracemill::wire::Batch batch;
    std::string problem;
    if (!tracemill::wire::decode_batch(payload, batch, problem)) throw std::runtime_error(problem);
    std::vector<uint8_t> memory(kArenaBytes);
    tm_options options = configuration.options;
    options.tier = mode == "open" ? TM_TIER_ALONE : TM_TIER_TAME;
    options.program_file = program_file();
    if (mode == "sandbox") enter(Sandbox(configuration));
    // Caches of types and names, imports of what programs import.
    if (mode == "open")
        run_all(*core, options, batch, memory);
    else
        keep_tame(*core, options, batch, memory);
    const char* samples = getenv("SAMPLES");
    if (samples) tracemill::bench::start_sampling();
    const auto started = Clock::now();
    const uint64_t events = measured_passes(*core, options, batch, memory, atoi(argv[5]));
    report(batch.programs.size(), events, started);
    if (samples) tracemill::bench::write_samples(samples);
}

void start_processes(char** argv) {
    const int count = atoi(argv[2]);
    const Sandbox sandbox(configuration_of(argv + 4));
    const bool enters = std::string(argv[3]) == "sandbox";
    const auto started = Clock::now();
    for (int i = 0; i < count; i++) {
        const pid_t child = fork();
        if (child == 0) {
            if (enters) enter(sandbox);
            _exit(0);
        }
        int status = 0;
        if (waitpid(child, &status, 0) != child || status != 0) throw std::runtime_error("a process did not end well");
    }
    report(static_cast<size_t>(count), 0, started);
}

}  // namespace

int main(int argc, char** argv) {
    const bool starts = argc > 3 && std::string(argv[1]) == "start";
    if (argc < 7 && !starts) {
        fprintf(stderr, "usage: driver LIBPYTHON CORE EXECUTABLE BATCH PASSES open|tame|sandbox READABLE...\n"
                        "       driver start PASSES bare|sandbox READABLE...\n");
        return 2;
    }
    try {
        starts ? start_processes(argv) : run_batch(argv);
    } catch (const std::exception& failure) {
        fprintf(stderr, "driver: %s\n", failure.what());
        return 1;
    }
    fflush(stdout);
    // As in the tracer process, the interpreter is not finalised.
    _Exit(0);
}
