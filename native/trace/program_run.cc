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
#include "trace/native_access.h"
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

// What a program is to the next one of this process.
enum class Kind : uint8_t {
    kTame,    // what it may change is put back
    kOther,   // all memory will be put back: only what the kernel keeps is tidied
    kTrusted  // the process is its own, or the next program's author is the same: all that is ours is put back
};

struct Execution {
    Owned entry;      // code of the entry expression
    Owned result;     // of the entry expression; of a module, none
    Owned exception;  // what ended the run, if anything did
    Kind kind = Kind::kTame;
    bool compiled = false;
    bool refused = false;  // nothing ran: it is not tame, and the process has no room for such programs
};

// As long as none of its code was looked at.
Kind kind_of_tier(uint32_t tier) {
    if (tier == TM_TIER_ALONE) return Kind::kTrusted;
    return tier == TM_TIER_RESTORED ? Kind::kOther : Kind::kTame;
}

// By the code that would run, of which `findings` tell.
Kind kind_of(const Interpreter& interpreter, const admission::Findings& findings, uint32_t tier) {
    const Kind kind = kind_of_tier(tier);
    if (kind != Kind::kTame) return kind;
    return interpreter.admission.is_prepared() && findings.tame() ? Kind::kTame : Kind::kOther;
}

Owned compile_entry(const LiteralCalls& calls, const tm_text& entry) {
    const std::string_view text = expression(entry);
    Owned code = calls.code_of(text);
    return code ? std::move(code) : compile_text(text, kEntryFile, Py_eval_input);
}

// Before anything ran.
void leave_if_native(const tm_program& program, const tm_options& options) {
    if (names_native_access(view(program.code)) || names_native_access(view(program.entry))) end_unless_alone(options);
}

Execution execute(Interpreter& interpreter, const SourceCache::Module& module, const tm_program& program,
                  PyObject* globals, RunState& run) {
    Execution execution;
    execution.kind = kind_of_tier(run.options.tier);
    if (program.entry.data) {
        execution.entry = compile_entry(interpreter.literal_calls, program.entry);
        if (!execution.entry) {
            execution.exception = python::take_exception();
            return execution;
        }
    }
    PyObject* entry = execution.entry.get();  // borrowed
    admission::Findings findings = entry ? interpreter.admission.look_at(entry) : admission::Findings();
    findings.add(*module.findings);
    execution.kind = kind_of(interpreter, findings, run.options.tier);
    if (execution.kind == Kind::kOther) leave_if_native(program, run.options);
    execution.refused = execution.kind == Kind::kOther && run.options.tier == TM_TIER_TAME;
    if (execution.refused) return execution;
    execution.compiled = true;
    if (execution.kind == Kind::kTame) {
        interpreter.admission.begin(globals, findings);
        run.admission = &interpreter.admission;
    } else {
        interpreter.admission.begin_other();
    }
    install_hook(run);
    execution.result = Owned::steal(PyEval_EvalCode(module.code, globals, globals));
    if (execution.result && entry) {
        run.recorder.start_entry();
        execution.result = Owned::steal(PyEval_EvalCode(entry, globals, globals));
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

// What the program still does, within its limits, and the end of what it made.
void end_program(Interpreter& interpreter, RunState& run, Execution& execution, Owned main, OutcomeBuilder& outcome) {
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
    execution.result = Owned();
    execution.exception = Owned();
    const PyObject* names = main ? PyModule_GetDict(main.get()) : nullptr;  // for comparison only, once that ended
    main = Owned();
    if (execution.kind == Kind::kTame) interpreter.admission.empty_caches();
    // The steps of Py_FinalizeEx(): garbage first, then what `sys` holds, then the modules.
    tm_set_finalizing(1);
    tm_collect_garbage();
    forget_last_exception(interpreter.environment.sys());
    interpreter.streams.stand_back();
    DeferredWork::end_module();
    if (execution.kind != Kind::kTame) interpreter.deferred.end_held_names(names);
    tm_set_finalizing(0);
}

// What is the kernel's, and what it printed last. False: the process must not run another program.
bool tidy_up(Interpreter& interpreter, bool ends_well) {
    const bool clean = interpreter.streams.put_back();
    interpreter.signals.restore();
    program_file().end();
    if (ends_well) interpreter.streams.flush_own();
    return clean;
}

// What is the interpreter's. False: memory is not as it should be.
bool put_back(Interpreter& interpreter) {
    interpreter.main_thread.restore();
    const bool clean = interpreter.environment.leave();
    interpreter.deferred.forget();
    return interpreter.admission.put_back() && clean;
}

// Something of the program lives on, where nobody knows of it.
bool is_held(PyObject* module, PyObject* entry) {
    if (module && (Py_REFCNT(module) > 1 || is_inner_code_held(reinterpret_cast<PyCodeObject*>(module)))) return true;
    return entry && is_inner_code_held(reinterpret_cast<PyCodeObject*>(entry));
}

// Memory goes back to what it was, and with it all that they refer to: no more code of the program runs.
void abandon(Execution& execution, Owned& main) {
    main.release();
    execution.result.release();
    execution.exception.release();
}

void make_void(tm_arena& arena, tm_progress& progress) {
    __atomic_store_n(&arena.committed, 0, __ATOMIC_RELEASE);
    const uint32_t interrupt = progress.interrupt;
    progress = {};
    progress.interrupt = interrupt;
}

tm_run_end end_of(Kind kind, bool reusable, bool is_void) {
    if (is_void) return TM_RUN_REPEAT;
    if (kind == Kind::kTrusted) return reusable ? TM_RUN_CLEAN : TM_RUN_SPOILED;
    return kind == Kind::kTame && reusable ? TM_RUN_CLEAN : TM_RUN_RESTORE;
}

// Nothing ran: all that was made for the program goes. Its record is void.
tm_run_end withdraw(Interpreter& interpreter, Owned main, tm_arena& arena, tm_progress& progress) {
    set_current_run(nullptr);
    main = Owned();
    DeferredWork::end_module();
    program_file().end();
    interpreter.environment.leave();
    const bool ready = interpreter.streams.empty() && interpreter.streams.renew();
    make_void(arena, progress);
    PyErr_Clear();
    return ready ? TM_RUN_REPEAT : TM_RUN_SPOILED;
}

}  // namespace

tm_run_end run_program(Interpreter& interpreter, const tm_program& program, const tm_options& options, tm_arena& arena,
                       tm_progress& progress) {
    // Whoever did not put memory back gets no further.
    if (interpreter.needs_restoring && options.tier == TM_TIER_TAME) return TM_RUN_REPEAT;
    const uint64_t wall_start = options.timings ? nanoseconds(CLOCK_MONOTONIC) : 0;
    const uint64_t cpu_start = options.timings ? nanoseconds(CLOCK_THREAD_CPUTIME_ID) : 0;
    format::RecordWriter writer(arena.base, arena.capacity, &arena.committed);
    writer.begin(PY_MINOR_VERSION, options.skip_loops ? format::kRecordLoopsSkipped : 0);

    Limits limits(options);
    // Held as CPython holds it while the script runs: the module, and through it alone its globals.
    Owned main = interpreter.streams.enter(program) ? interpreter.environment.enter(program, options.seed) : Owned();
    PyObject* globals = main ? PyModule_GetDict(main.get()) : nullptr;  // borrowed
    tm_begin_script();
    program_file().begin(options.program_file, view(program.code));
    Execution execution;
    execution.kind = kind_of_tier(options.tier);
    SourceCache::Module module;
    if (globals) {
        module = interpreter.sources.compile(view(program.code), program.code_comes_again != 0, interpreter.streams,
                                             interpreter.admission);
    }
    if (!module.code) execution.exception = python::take_exception();
    CodeRegistry nothing;
    CodeRegistry& codes = module.codes ? *module.codes : nothing;
    Recorder recorder(codes, without_mark(view(program.code)), writer, options, progress, ++interpreter.records);
    RunState run{options, progress, writer, recorder, interpreter.streams, globals};
    run.refusals = python::memory_refusals();
    run.may_profile = view(program.code).find("profile") != std::string_view::npos;
    set_current_run(&run);
    tm_age_young();
    if (module.code) execution = execute(interpreter, module, program, globals, run);
    if (execution.refused) return withdraw(interpreter, std::move(main), arena, progress);

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
    const bool ends_well = progress.limit == 0;
    // What stopped half way does not end well, and no program follows it without memory being put back.
    const bool stopped = !ends_well && !options.trusted;
    if (stopped) {
        recorder.end_threads();
        abandon(execution, main);
    } else {
        end_program(interpreter, run, execution, std::move(main), outcome);
    }
    const bool tame = execution.kind == Kind::kTame;
    const bool is_void = interpreter.admission.end() || run.stopped_untame;
    bool reusable = tidy_up(interpreter, ends_well) && !stopped;
    if (execution.kind != Kind::kOther && !stopped) reusable = put_back(interpreter) && reusable;
    limits.end();
    finish_recording(run);
    interpreter.streams.report(writer, options, progress);
    if (options.timings) {
        outcome.took(nanoseconds(CLOCK_THREAD_CPUTIME_ID) - cpu_start, nanoseconds(CLOCK_MONOTONIC) - wall_start);
    }
    writer.outcome(outcome.get());
    set_current_run(nullptr);
    const bool emptied = interpreter.streams.empty();
    if (execution.kind == Kind::kTrusted) reusable = emptied && interpreter.streams.renew() && reusable;
    if (tame && reusable && !is_void) {
        reusable = emptied && interpreter.streams.renew() && !is_held(module.code, execution.entry.get());
    }
    PyErr_Clear();
    if (is_void) make_void(arena, progress);
    const tm_run_end end = end_of(execution.kind, reusable, is_void);
    interpreter.needs_restoring = end != TM_RUN_CLEAN && execution.kind != Kind::kTrusted;
    return emptied ? end : TM_RUN_SPOILED;
}

}  // namespace tracemill::trace
