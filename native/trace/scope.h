// Which code is recorded, and what a record calls it.
#pragma once

#include <cstdint>

#include "format/writer.h"
#include "interface/core.h"
#include "trace/code_registry.h"

namespace tracemill::trace {

class FrameStack;

class Scope {
  public:
    // References must outlive the scope; `record_number` tells records apart in the registry's cached ids.
    Scope(CodeRegistry& codes, format::RecordWriter& writer, const tm_options& options, uint64_t record_number)
        : d_codes(codes), d_writer(writer), d_options(options), d_record_number(record_number) {}

    // The module has run, the entry expression is next: the first function called is the entry.
    void start_entry() { d_entry_pending = true; }

    // The code of a frame that reports an event, called from what is on the stack; NULL where it is not recorded. The
    // entry is called on the main thread.
    CodeInfo* code_of(PyFrameObject* frame, int what, const FrameStack& stack);

    // Its id in the record, and room for those of its names.
    void define(CodeInfo& code);

  private:
    CodeInfo* library_code(PyCodeObject* code, const FrameStack& stack);

    CodeRegistry& d_codes;
    format::RecordWriter& d_writer;
    const tm_options& d_options;
    const uint64_t d_record_number;
    bool d_entry_pending = false;
    CodeInfo* d_entry_code = nullptr;
};

}  // namespace tracemill::trace
