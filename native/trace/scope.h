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
        : codes_(codes), writer_(writer), options_(options), record_number_(record_number) {}

    // The module has run, the entry expression is next: the first function called is the entry.
    void start_entry() { entry_pending_ = true; }

    // The code of a frame that reports an event, called from what is on the stack; NULL where it is not recorded. The
    // entry is called on the main thread.
    CodeInfo* code_of(PyFrameObject* frame, int what, const FrameStack& stack);

    // Its id in the record, and room for those of its names.
    void define(CodeInfo& code);

  private:
    CodeInfo* library_code(PyCodeObject* code, const FrameStack& stack);

    CodeRegistry& codes_;
    format::RecordWriter& writer_;
    const tm_options& options_;
    const uint64_t record_number_;
    bool entry_pending_ = false;
    CodeInfo* entry_code_ = nullptr;
};

}  // namespace tracemill::trace
