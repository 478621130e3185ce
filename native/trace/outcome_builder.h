// How a run ended, from what the interpreter says about it.
#pragma once

#include <string>

#include "format/outcome.h"
#include "trace/code_registry.h"
#include "trace/run_state.h"
#include "trace/uncaught.h"

namespace tracemill::trace {

class OutcomeBuilder {
  public:
    OutcomeBuilder(RunState& run, CodeRegistry& codes, bool out_of_memory)
        : run_(run), codes_(codes), out_of_memory_(out_of_memory) {}

    void not_compiled(PyObject* exception);
    void raised(PyObject* exception);
    void exited(PyObject* system_exit, const ExitRequest& request);
    // `result` NULL: a module, which has none.
    void finished(PyObject* result);
    // At its end the program's output was flushed; `failure` NULL: all of it.
    void flushed(python::Owned failure);
    void took(uint64_t cpu_ns, uint64_t wall_ns);

    // Refers to texts of this builder.
    const format::Outcome& get();

  private:
    void describe(PyObject* exception);
    void ran_out_of_memory(PyObject* exception);
    uint32_t program_line(PyObject* exception) const;
    // The operation that was refused and so raised this; empty = none was.
    std::string refused_operation(PyObject* exception) const;
    bool was_raised_by_code(PyObject* exception) const;
    bool means_out_of_memory(PyObject* exception) const;
    bool was_raised_by_library(PyObject* exception) const;
    bool met_file_limit(PyObject* exception) const;

    RunState& run_;
    CodeRegistry& codes_;
    const bool out_of_memory_;
    format::Outcome outcome_;
    std::string exception_type_;
    std::string message_;
    std::string detail_;
};

}  // namespace tracemill::trace
