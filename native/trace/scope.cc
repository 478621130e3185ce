#include "trace/scope.h"

#include "python/frame_access.h"
#include "trace/frame_stack.h"

namespace tracemill::trace {
namespace {

// With scope `all`, library frames are recorded this many calls deep below the program's.
constexpr size_t kLibraryDepth = 2;

bool is_library(const CodeInfo& code) { return (code.flags & format::kCodeLibrary) != 0; }

}  // namespace

CodeInfo* Scope::code_of(PyFrameObject* frame, int what, const FrameStack& stack) {
    PyCodeObject* code = tm_frame_code(frame);
    CodeInfo* info = d_codes.find(code);
    if (!info && d_options.scope == TM_SCOPE_ALL && what == PyTrace_CALL) info = library_code(code, stack);
    if (!info) {
        if (what == PyTrace_CALL) tm_set_line_events(frame, 0);
        return nullptr;
    }
    if (d_entry_pending && stack.is_main() && what == PyTrace_CALL && !is_library(*info)) {
        d_entry_pending = false;
        d_entry_code = info;
        info->record = 0;  // defined again, as the entry
        define(*info);
    }
    if (d_options.scope == TM_SCOPE_ENTRY && info != d_entry_code) return nullptr;
    return info;
}

CodeInfo* Scope::library_code(PyCodeObject* code, const FrameStack& stack) {
    if (!stack.innermost()) return nullptr;
    size_t depth = 0;
    for (size_t i = stack.depth(); i > 0 && is_library(*stack.at(i - 1).code); --i) ++depth;
    return depth < kLibraryDepth ? d_codes.add_library(code) : nullptr;
}

void Scope::define(CodeInfo& code) {
    if (code.record == d_record_number) return;
    code.record = d_record_number;
    const uint8_t entry = &code == d_entry_code ? format::kCodeEntry : 0;
    code.code_id = d_writer.code(code.qualified_name, code.first_line, static_cast<uint8_t>(code.flags | entry));
    code.name_ids.assign(code.slot_names.size(), format::kNoId);
}

}  // namespace tracemill::trace
