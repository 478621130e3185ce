#include "trace/program_run.h"

#include <cstring>
#include <ctime>
#include <optional>

#include "format/writer.h"
#include "memory/account.h"
#include "python/collector.h"
#include "python/error.h"
#include "python/finalizing.h"
#include "python/memory_limit.h"
#include "trace/callback.h"
#include "trace/containment.h"
#include "trace/outcome_builder.h"
#include "trace/output_stream.h"
#include "trace/program_file.h"
#include "trace/python_text.h"
#include "trace/run_state.h"
#include "trace/source_text.h"
#include "trace/uncaught.h"

namespace tracemill::trace {
namespace {

using python::Owned;

uint64_t nanoseconds(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(now.tv_nsec);
}

std::string_view view(const tm_text& text) { return {text.data ? text.data : "", text.size}; }

// Leading white space is no indentation here, as in eval().
std::string_view expression(const tm_text& text) {
    std::string_view source = view(text);
    const size_t start = source.find_first_not_of(" \t");
    return start == std::string_view::npos ? source : source.substr(start);
}

// A program without the word finds modules only in roundabout ways.
bool may_import(const tm_program& program) {
    constexpr std::string_view kWord = "import";
    const auto names_it = [&](const tm_text& text) {
        return text.data && memmem(text.data, text.size, kWord.data(), kWord.size());
    };
    return names_it(program.code) || names_it(program.entry);
}

struct Execution {
    Owned result;     // of the entry expression; of a module, none
    Owned exception;  // what ended the run, if anything did
    bool compiled = false;
};

Owned compile_entry(const LiteralCalls& calls, const tm_text& entry) {
    const std::string_view text = expression(entry);
    Owned code = calls.code_of(text);
    return code ? std::move(code) : compile_text(text, kEntryFile, Py_eval_input);
}

Execution execute(const Interpreter& interpreter, const SourceCache::Module& module, const tm_program& program,
                  PyObject* globals, RunState& run) {
    Execution execution;
    Owned entry;
    if (program.entry.data) {
        entry = compile_entry(interpreter.literal_calls, program.entry);
        if (!entry) {
            execution.exception = python::take_exception();
            return execution;
        }
    }
    execution.compiled = true;
    install_hook(run);
    execution.result = Owned::steal(PyEval_EvalCode(module.code, globals, globals));
    if (execution.result && entry) {
        run.recorder.start_entry();
        execution.result = Owned::steal(PyEval_EvalCode(entry.get(), globals, globals));
    } else if (execution.result) {
        execution.result = Owned();
    }
    remove_hook(run);
    execution.exception = python::take_exception();
    return execution;
}

bool asks_to_exit(const Execution& execution) {
    return execution.compiled && execution.exception &&
           PyErr_GivenExceptionMatches(execution.exception.get(), PyExc_SystemExit);
}

// How the program ended, without what it does later.
void describe(const Execution& execution, const ExitRequest& exit, OutcomeBuilder& outcome) {
    if (!execution.compiled) {
        outcome.not_compiled(execution.exception.get());
    } else if (asks_to_exit(execution)) {
        outcome.exited(execution.exception.get(), exit);
    } else if (execution.exception) {
        outcome.raised(execution.exception.get());
    } else {
        outcome.finished(execution.result.get());
    }
}

// What follows the script's last line in CPython.
void end_script(const Interpreter& interpreter, RunState& run, const Execution& execution, const ExitRequest& exit) {
    install_hook(run);
    if (execution.compiled) interpreter.streams.flush_after_script();
    if (exit.text) write_exit_text(exit.text.get());
    if (exit.too_large) report_exit_number(exit.too_large);
    if (execution.exception && !asks_to_exit(execution)) {
        program_file().write();
        const ErrorsInPlace errors = interpreter.streams.errors_in_place();
        report_uncaught(execution.exception.get());
    }
    // CPython ends from within the report of a SystemExit.
    if (run.globals && !asks_to_exit(execution)) interpreter.environment.script_ended(run.globals);
    remove_hook(run);
}

// Writes what the recorder still has; what is printed afterwards needs it again.
void finish_recording(RunState& run) {
    if (contained(false, [&] { return run.recorder.finish(); }) || run.progress.limit != 0) return;
    const bool full = run.writer.full();
    run.progress.limit = static_cast<uint32_t>(full ? format::Status::kRecordLimit : format::Status::kEventLimit);
}

// Of the program, and of its recorder. What is ours alone has none: it must not fail for want of memory that the
// program took, and needs little.
class Limits {
  public:
    explicit Limits(const tm_options& options) : options_(options) {
        memory::start_program();
        python::set_memory_limit(options_.max_memory_bytes);
        memory::set_limit(options_.max_recorder_bytes);
    }
    ~Limits() { end(); }
    Limits(const Limits&) = delete;
    Limits& operator=(const Limits&) = delete;

    // A program that took all it may have still ends as it should, and its result, which its own code may describe, is
    // recorded.
    void program_ended() {
        constexpr uint64_t kForItsEnd = uint64_t{16} << 20;
        python::allow_more_memory(kForItsEnd);
        memory::set_limit(options_.max_recorder_bytes);
    }
    void end() {
        python::set_memory_limit(0);
        memory::set_limit(0);
    }

  private:
    const tm_options& options_;
};

// Everything that the program left, within its limits. False: the interpreter is not as it was before.
bool clean_up(Interpreter& interpreter, RunState& run, Execution execution, Owned main, OutcomeBuilder& outcome) {
    const bool ends_well = run.progress.limit == 0;
    if (main && execution.compiled && ends_well) {
        install_hook(run);
        interpreter.deferred.finish(interpreter.main_thread);
        interpreter.signals.finish();
        outcome.flushed(interpreter.streams.flush());
        remove_hook(run);
    }
    run.recorder.end_threads();
    finish_recording(run);
    execution = Execution();
    main = Owned();
    // The steps of Py_FinalizeEx(): garbage first, then what `sys` holds, then the modules.
    tm_set_finalizing(1);
    tm_collect_garbage();
    forget_last_exception(interpreter.environment.sys());
    interpreter.streams.stand_back();
    DeferredWork::end_module(interpreter.guard);
    tm_set_finalizing(0);
    interpreter.main_thread.restore();
    bool clean = interpreter.environment.leave();
    clean = interpreter.streams.put_back() && clean;
    interpreter.signals.restore();
    program_file().end();
    auto verdict = interpreter.guard.restore();
    if (verdict == guard::StateGuard::Verdict::kRestored) {
        // What the program had hidden in the library died only now, and may have had finalisers.
        tm_collect_all();
        verdict = interpreter.guard.restore();
        clean = clean && verdict == guard::StateGuard::Verdict::kClean;
    }
    if (ends_well) interpreter.streams.flush_own();
    interpreter.deferred.forget();
    PyErr_Clear();
    return clean && verdict == guard::StateGuard::Verdict::kClean;
}

}  // namespace

bool run_program(Interpreter& interpreter, const tm_program& program, const tm_options& options, tm_arena& arena,
                 tm_progress& progress) {
    const uint64_t wall_start = options.timings ? nanoseconds(CLOCK_MONOTONIC) : 0;
    const uint64_t cpu_start = options.timings ? nanoseconds(CLOCK_THREAD_CPUTIME_ID) : 0;
    format::RecordWriter writer(arena.base, arena.capacity, &arena.committed);
    writer.begin(PY_MINOR_VERSION, options.skip_loops ? format::kRecordLoopsSkipped : 0);

    Limits limits(options);
    // Held as CPython holds it while the script runs: the module, and through it alone its globals.
    Owned main = interpreter.streams.enter(program) ? interpreter.environment.enter(program, options.seed) : Owned();
    PyObject* globals = main ? PyModule_GetDict(main.get()) : nullptr;  // borrowed
    tm_begin_script();
    interpreter.guard.start(may_import(program));
    program_file().begin(options.program_file, view(program.code));
    Execution execution;
    SourceCache::Module module;
    if (globals) {
        module = interpreter.sources.compile(view(program.code), program.code_comes_again != 0, interpreter.streams);
    }
    if (!module.code) execution.exception = python::take_exception();
    CodeRegistry nothing;
    CodeRegistry& codes = module.codes ? *module.codes : nothing;
    Recorder recorder(codes, without_mark(view(program.code)), writer, options, progress, ++interpreter.records);
    RunState run{options, progress, writer, recorder, interpreter.streams, globals};
    run.refusals = python::memory_refusals();
    set_current_run(&run);
    tm_age_young();
    if (module.code) execution = execute(interpreter, module, program, globals, run);

    const bool out_of_memory = python::memory_was_refused();
    // CPython may have met the limit of memory without asking the recorder.
    if ((memory::was_refused() || progress.unrecorded != 0) && progress.limit == 0) {
        progress.limit = static_cast<uint32_t>(format::Status::kRecordLimit);
    }
    OutcomeBuilder outcome(run, codes, out_of_memory);
    ExitRequest exit;
    if (progress.limit == 0 && asks_to_exit(execution)) {
        install_hook(run);
        exit = exit_request(execution.exception.get());
        remove_hook(run);
    }
    limits.program_ended();
    {
        const python::RecorderScope scope;
        describe(execution, exit, outcome);
    }
    if (progress.limit == 0) end_script(interpreter, run, execution, exit);
    exit = ExitRequest();
    // A process that stopped a program half way is not used again, so nothing of it needs to end well.
    const bool stopped = progress.limit != 0 && !options.trusted;
    if (stopped) recorder.end_threads();
    bool reusable = !stopped && clean_up(interpreter, run, std::move(execution), std::move(main), outcome);
    limits.end();
    finish_recording(run);
    interpreter.streams.report(writer, options, progress);
    if (options.timings) {
        outcome.took(nanoseconds(CLOCK_THREAD_CPUTIME_ID) - cpu_start, nanoseconds(CLOCK_MONOTONIC) - wall_start);
    }
    writer.outcome(outcome.get());
    set_current_run(nullptr);
    reusable = reusable && interpreter.streams.renew(interpreter.guard);
    PyErr_Clear();
    return reusable;
}

}  // namespace tracemill::trace
