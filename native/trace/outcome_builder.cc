#include "trace/outcome_builder.h"

#include "python/error.h"
#include "trace/audit_policy.h"
#include "trace/expected_value.h"
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
        default:
            return "stopped at a limit";
    }
}

// The line that a traceback entry stands for; entries made late know only the instruction.
int line_of(PyTracebackObject* traceback, PyCodeObject* code) {
    if (traceback->tb_lineno > 0) return traceback->tb_lineno;
    return PyCode_Addr2Line(code, traceback->tb_lasti);
}

}  // namespace

uint32_t OutcomeBuilder::program_line(PyObject* exception) const {
    const Owned first = Owned::steal(PyException_GetTraceback(exception));
    int line = 0;
    for (auto* at = reinterpret_cast<PyTracebackObject*>(first.get()); at; at = at->tb_next) {
        PyCodeObject* code = PyFrame_GetCode(at->tb_frame);
        const CodeInfo* info = d_codes.find(code);
        if (info && !(info->flags & format::kCodeLibrary)) line = line_of(at, code);
        Py_DECREF(code);
    }
    return line > 0 ? static_cast<uint32_t>(line) : 0;
}

void OutcomeBuilder::describe(PyObject* exception) {
    d_exception_type = type_name(Py_TYPE(exception));
    d_message = exception_message(exception, static_cast<tm_objects>(d_run.options.objects));
    d_outcome.exception = format::OutcomeException{d_exception_type, d_message, program_line(exception)};
}

void OutcomeBuilder::not_compiled(PyObject* exception) {
    d_outcome.status = Status::kSyntaxError;
    if (!exception) return;
    describe(exception);
    // CPython's parser raises MemoryError also for what is nested too deeply.
    if (d_out_of_memory && PyErr_GivenExceptionMatches(exception, PyExc_MemoryError)) return ran_out_of_memory();
    // A syntax error's line is not in a traceback but in the exception.
    const Owned line = Owned::steal(PyObject_GetAttrString(exception, "lineno"));
    const Owned file = Owned::steal(PyObject_GetAttrString(exception, "filename"));
    PyErr_Clear();
    const bool in_program =
        file && PyUnicode_CheckExact(file.get()) && PyUnicode_CompareWithASCIIString(file.get(), kProgramFile) == 0;
    const long number = in_program && line && PyLong_CheckExact(line.get()) ? PyLong_AsLong(line.get()) : 0;
    PyErr_Clear();
    d_outcome.exception->line = number > 0 ? static_cast<uint32_t>(number) : 0;
    if (file && !in_program) d_detail = "in the entry expression";
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
    const CodeInfo* info = code ? d_codes.find(reinterpret_cast<PyCodeObject*>(code.get())) : nullptr;
    return code && (!info || (info->flags & format::kCodeLibrary));
}

std::string OutcomeBuilder::refused_operation(PyObject* exception) const {
    if (!PyErr_GivenExceptionMatches(exception, PyExc_OSError)) return std::string();
    if (!d_run.denied.empty() && Py_TYPE(exception) == reinterpret_cast<PyTypeObject*>(PyExc_FileNotFoundError) &&
        was_raised_by_library(exception))
        return d_run.denied;
    if (!d_run.denied.empty() &&
        exception_message(exception, TM_OBJECTS_FIELDS) == "not allowed in a traced program: " + d_run.denied)
        return d_run.denied;
    // The kernel's refusals look like those of any system; without a sandbox they are.
    const auto* error = reinterpret_cast<PyOSErrorObject*>(exception);
    const long number = error->myerrno && PyLong_CheckExact(error->myerrno) ? PyLong_AsLong(error->myerrno) : 0;
    PyErr_Clear();
    if (d_run.options.trusted || (number != EPERM && number != EACCES && number != EROFS) ||
        was_raised_by_code(exception))
        return std::string();
    // There it is refused by rights that the program gave or took itself.
    if (d_run.options.scratch != 0 && error->filename && leads_to_scratch(error->filename)) return std::string();
    std::string operation = d_run.attempted.empty() ? "a system call" : d_run.attempted;
    if (error->filename && PyUnicode_CheckExact(error->filename)) operation += " of " + text_of(error->filename);
    return operation;
}

void OutcomeBuilder::ran_out_of_memory() {
    d_outcome.status = Status::kMemoryLimit;
    d_run.progress.limit = static_cast<uint32_t>(Status::kMemoryLimit);
    d_detail = d_out_of_memory ? "an allocation was refused at the memory limit" : "more memory than any machine has";
}

// Only the program's output files can grow, up to the limit of output.
bool OutcomeBuilder::met_file_limit(PyObject* exception) const {
    if (d_run.options.trusted || !PyErr_GivenExceptionMatches(exception, PyExc_OSError)) return false;
    const auto* error = reinterpret_cast<PyOSErrorObject*>(exception);
    const long number = error->myerrno && PyLong_CheckExact(error->myerrno) ? PyLong_AsLong(error->myerrno) : 0;
    PyErr_Clear();
    return number == EFBIG && !was_raised_by_code(exception);
}

void OutcomeBuilder::raised(PyObject* exception) {
    if (d_run.progress.limit != 0) {
        d_outcome.status = static_cast<Status>(d_run.progress.limit);
        d_detail = limit_text(d_outcome.status);
        return;
    }
    describe(exception);
    d_detail = refused_operation(exception);
    if (!d_detail.empty()) {
        d_outcome.status = Status::kDenied;
    } else if (PyErr_GivenExceptionMatches(exception, PyExc_MemoryError) &&
               (d_out_of_memory || !was_raised_by_code(exception))) {
        ran_out_of_memory();
    } else if (met_file_limit(exception)) {
        d_outcome.status = Status::kOutputLimit;
        d_run.progress.limit = static_cast<uint32_t>(Status::kOutputLimit);
        d_detail = limit_text(Status::kOutputLimit);
    } else {
        d_outcome.status = Status::kException;
    }
}

void OutcomeBuilder::exited(PyObject* system_exit, const ExitRequest& request) {
    if (request.success) return finished(nullptr, {});
    raised(system_exit);
    if (d_outcome.status == Status::kException) d_detail = "exit status " + std::to_string(request.status);
}

void OutcomeBuilder::finished(PyObject* result, const tm_text& expected) {
    if (d_run.progress.limit != 0) {
        d_outcome.status = static_cast<Status>(d_run.progress.limit);
        d_detail = limit_text(d_outcome.status);
        return;
    }
    d_outcome.status = Status::kOk;
    if (!result) return;
    d_outcome.result = d_run.recorder.result(result);
    if (expected.data) {
        const Verdict verdict = compare_with_expected(result, {expected.data, expected.size});
        if (verdict == Verdict::kNotALiteral) {
            d_detail = "the expected value is not a Python literal";
        } else {
            d_outcome.verdict = verdict == Verdict::kEqual;
        }
    }
}

void OutcomeBuilder::flushed(Owned failure) {
    if (!failure || d_outcome.status != Status::kOk) return;
    describe(failure.get());
    d_outcome.status = Status::kException;
    d_outcome.result = std::monostate();
    d_outcome.verdict.reset();
    d_detail = "exit status 120: its output could not be flushed";
}

void OutcomeBuilder::took(uint64_t cpu_ns, uint64_t wall_ns) {
    d_outcome.cpu_ns = cpu_ns;
    d_outcome.wall_ns = wall_ns;
}

const format::Outcome& OutcomeBuilder::get() {
    const tm_progress& progress = d_run.progress;
    if (progress.limit != 0 && d_outcome.status != static_cast<Status>(progress.limit)) {
        // Reached by what the program had left for its end: then it did not end.
        d_outcome.status = static_cast<Status>(progress.limit);
        d_outcome.result = std::monostate();
        d_outcome.exception.reset();
        d_outcome.verdict.reset();
        d_detail = limit_text(d_outcome.status);
    }
    d_outcome.events = progress.events;
    d_outcome.lines = progress.lines;
    d_outcome.stdout_bytes = progress.stdout_bytes;
    d_outcome.stderr_bytes = progress.stderr_bytes;
    if (!d_detail.empty()) d_outcome.detail = d_detail;
    return d_outcome;
}

}  // namespace tracemill::trace
