#include "trace/outcome_builder.h"

#include "python/error.h"
#include "trace/audit_policy.h"
#include "trace/python_text.h"
#include "trace/source_text.h"

#include <cerrno>
#include <opcode.h>

namespace tracemill::trace {
namespace {

using format::Status;
using python::Owned;

const char* limit_text(Status limit) {
    switch (limit) {
        case Status::kTimeout:
            return "stopped at the time limit";
        case Status::kOutputLimit:
            return "stopped at the output limit";
        case Status::kEventLimit:
            return "stopped at the event limit";
        case Status::kRecordLimit:
            return "stopped at a limit of the recording";
        default:
            return "stopped at a limit";
    }
}

// The line that a traceback entry stands for; entries made late know only the instruction.
int line_of(PyTracebackObject* traceback, PyCodeObject* code) {
    if (traceback->tb_lineno > 0) return traceback->tb_lineno;
    return PyCode_Addr2Line(code, traceback->tb_lasti);
}

// Of an OSError; otherwise 0.
long error_number(PyObject* exception) {
    if (!PyErr_GivenExceptionMatches(exception, PyExc_OSError)) return 0;
    const auto* error = reinterpret_cast<PyOSErrorObject*>(exception);
    const long number = error->myerrno && PyLong_CheckExact(error->myerrno) ? PyLong_AsLong(error->myerrno) : 0;
    PyErr_Clear();
    return number;
}

}  // namespace

uint32_t OutcomeBuilder::program_line(PyObject* exception) const {
    const Owned first = Owned::steal(PyException_GetTraceback(exception));
    int line = 0;
    for (auto* at = reinterpret_cast<PyTracebackObject*>(first.get()); at; at = at->tb_next) {
        PyCodeObject* code = PyFrame_GetCode(at->tb_frame);
        const CodeInfo* info = codes_.find(code);
        if (info && !(info->flags & format::kCodeLibrary)) line = line_of(at, code);
        Py_DECREF(code);
    }
    return line > 0 ? static_cast<uint32_t>(line) : 0;
}

void OutcomeBuilder::describe(PyObject* exception) {
    exception_type_ = type_name(Py_TYPE(exception));
    message_ = run_.recorder.values().message(exception);
    const uint32_t line = program_line(exception);
    outcome_.exception = format::OutcomeException{exception_type_, message_, line, run_.recorder.result(exception)};
}

void OutcomeBuilder::not_compiled(PyObject* exception) {
    outcome_.status = Status::kSyntaxError;
    if (!exception) return;
    describe(exception);
    // CPython's parser raises MemoryError also for what is nested too deeply.
    if (out_of_memory_ && PyErr_GivenExceptionMatches(exception, PyExc_MemoryError))
        return ran_out_of_memory(exception);
    // A syntax error's line is not in a traceback but in the exception.
    const Owned line = Owned::steal(PyObject_GetAttrString(exception, "lineno"));
    const Owned file = Owned::steal(PyObject_GetAttrString(exception, "filename"));
    PyErr_Clear();
    const bool in_program =
        file && PyUnicode_CheckExact(file.get()) && PyUnicode_CompareWithASCIIString(file.get(), kProgramFile) == 0;
    const long number = in_program && line && PyLong_CheckExact(line.get()) ? PyLong_AsLong(line.get()) : 0;
    PyErr_Clear();
    outcome_.exception->line = number > 0 ? static_cast<uint32_t>(number) : 0;
    // Of bytes that are no text in the encoding that they name, CPython does not say where they are.
    if (file && file.get() != Py_None && !in_program) detail_ = "in the entry expression";
}

// By a `raise` statement, which anyone can write, and not by a function in C.
bool OutcomeBuilder::was_raised_by_code(PyObject* exception) const {
    const Owned traceback = Owned::steal(PyException_GetTraceback(exception));
    auto* at = reinterpret_cast<PyTracebackObject*>(traceback.get());
    if (!at) return false;
    while (at->tb_next) at = at->tb_next;
    const Owned code = Owned::steal(reinterpret_cast<PyObject*>(PyFrame_GetCode(at->tb_frame)));
    const Owned bytecode = Owned::steal(PyCode_GetCode(reinterpret_cast<PyCodeObject*>(code.get())));
    if (!bytecode || at->tb_lasti < 0 || at->tb_lasti >= PyBytes_GET_SIZE(bytecode.get())) return false;
    return static_cast<uint8_t>(PyBytes_AS_STRING(bytecode.get())[at->tb_lasti]) == RAISE_VARARGS;
}

// The library met a refusal, and says in its own words that it found no other way.
bool OutcomeBuilder::was_raised_by_library(PyObject* exception) const {
    if (!was_raised_by_code(exception)) return false;
    const Owned traceback = Owned::steal(PyException_GetTraceback(exception));
    auto* at = reinterpret_cast<PyTracebackObject*>(traceback.get());
    while (at && at->tb_next) at = at->tb_next;
    const Owned code = at ? Owned::steal(reinterpret_cast<PyObject*>(PyFrame_GetCode(at->tb_frame))) : Owned();
    const CodeInfo* info = code ? codes_.find(reinterpret_cast<PyCodeObject*>(code.get())) : nullptr;
    return code && (!info || (info->flags & format::kCodeLibrary));
}

std::string OutcomeBuilder::refused_operation(PyObject* exception) const {
    if (!PyErr_GivenExceptionMatches(exception, PyExc_OSError)) return std::string();
    if (!run_.denied.empty() && Py_TYPE(exception) == reinterpret_cast<PyTypeObject*>(PyExc_FileNotFoundError) &&
        was_raised_by_library(exception))
        return run_.denied;
    if (!run_.denied.empty() &&
        run_.recorder.values().message(exception) == "not allowed in a traced program: " + run_.denied)
        return run_.denied;
    // The kernel's refusals look like those of any system; without a sandbox they are.
    const auto* error = reinterpret_cast<PyOSErrorObject*>(exception);
    const long number = error_number(exception);
    if (run_.options.trusted || (number != EPERM && number != EACCES && number != EROFS) ||
        was_raised_by_code(exception))
        return std::string();
    // There it is refused by rights that the program gave or took itself.
    if (run_.options.scratch != 0 && error->filename && leads_to_scratch(error->filename)) return std::string();
    std::string operation = run_.attempted.empty() ? "a system call" : run_.attempted;
    if (error->filename && PyUnicode_CheckExact(error->filename)) operation += " of " + text_of(error->filename);
    return operation;
}

// The kernel's refusals are told by what C functions raise then: mmap() by its error number, a thread without a stack
// by a sentence, any library by an exception that comes right after malloc() failed. Where a frame cannot be allocated,
// some versions of CPython raise SystemError or lose the exception, which becomes one.
bool OutcomeBuilder::means_out_of_memory(PyObject* exception) const {
    if (PyErr_GivenExceptionMatches(exception, PyExc_MemoryError)) {
        return out_of_memory_ || !was_raised_by_code(exception);
    }
    if (was_raised_by_code(exception)) return false;
    if (run_.options.max_memory_bytes != 0 && !run_.options.trusted) {
        if (error_number(exception) == ENOMEM) return true;
        if (Py_TYPE(exception) == reinterpret_cast<PyTypeObject*>(PyExc_RuntimeError) && !run_.refused_thread &&
            run_.recorder.values().message(exception) == "can't start new thread")
            return true;
    }
    if (!out_of_memory_) return false;
    return exception == run_.refusal || Py_TYPE(exception) == reinterpret_cast<PyTypeObject*>(PyExc_SystemError);
}

void OutcomeBuilder::ran_out_of_memory(PyObject* exception) {
    outcome_.status = Status::kMemoryLimit;
    run_.progress.limit = static_cast<uint32_t>(Status::kMemoryLimit);
    // By its size alone, before anything was asked for it.
    const bool by_size = !out_of_memory_ && PyErr_GivenExceptionMatches(exception, PyExc_MemoryError);
    detail_ = by_size ? "more memory than any machine has" : "an allocation was refused at the memory limit";
}

// Only the program's output files can grow, up to the limit of output.
bool OutcomeBuilder::met_file_limit(PyObject* exception) const {
    return !run_.options.trusted && error_number(exception) == EFBIG && !was_raised_by_code(exception);
}

void OutcomeBuilder::raised(PyObject* exception) {
    if (run_.progress.limit != 0) {
        outcome_.status = static_cast<Status>(run_.progress.limit);
        detail_ = limit_text(outcome_.status);
        return;
    }
    describe(exception);
    detail_ = refused_operation(exception);
    if (!detail_.empty()) {
        outcome_.status = Status::kDenied;
    } else if (means_out_of_memory(exception)) {
        ran_out_of_memory(exception);
    } else if (met_file_limit(exception)) {
        outcome_.status = Status::kOutputLimit;
        run_.progress.limit = static_cast<uint32_t>(Status::kOutputLimit);
        detail_ = limit_text(Status::kOutputLimit);
    } else {
        outcome_.status = Status::kException;
    }
}

void OutcomeBuilder::exited(PyObject* system_exit, const ExitRequest& request) {
    if (request.success) return finished(nullptr);
    raised(system_exit);
    if (outcome_.status == Status::kException) detail_ = "exit status " + std::to_string(request.status);
}

void OutcomeBuilder::finished(PyObject* result) {
    if (run_.progress.limit != 0) {
        outcome_.status = static_cast<Status>(run_.progress.limit);
        detail_ = limit_text(outcome_.status);
        return;
    }
    outcome_.status = Status::kOk;
    if (result) outcome_.result = run_.recorder.result(result);
}

void OutcomeBuilder::flushed(Owned failure) {
    if (!failure || outcome_.status != Status::kOk) return;
    describe(failure.get());
    outcome_.status = Status::kException;
    outcome_.result = std::monostate();
    detail_ = "exit status 120: its output could not be flushed";
}

void OutcomeBuilder::took(uint64_t cpu_ns, uint64_t wall_ns) {
    outcome_.cpu_ns = cpu_ns;
    outcome_.wall_ns = wall_ns;
}

const format::Outcome& OutcomeBuilder::get() {
    const tm_progress& progress = run_.progress;
    if (progress.limit != 0 && outcome_.status != static_cast<Status>(progress.limit)) {
        // Reached by what the program had left for its end: then it did not end.
        outcome_.status = static_cast<Status>(progress.limit);
        outcome_.result = std::monostate();
        outcome_.exception.reset();
        detail_ = limit_text(outcome_.status);
    }
    outcome_.events = progress.events;
    outcome_.lines = progress.lines;
    outcome_.stdout_bytes = progress.stdout_bytes;
    outcome_.stderr_bytes = progress.stderr_bytes;
    if (!detail_.empty()) outcome_.detail = detail_;
    return outcome_;
}

}  // namespace tracemill::trace
