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
    CodeInfo* info = codes_.find(code);
    if (!info && options_.scope == TM_SCOPE_ALL && what == PyTrace_CALL) info = library_code(code, stack);
    if (!info) {
        if (what == PyTrace_CALL) tm_set_line_events(frame, 0);
        return nullptr;
    }
    if (entry_pending_ && stack.is_main() && what == PyTrace_CALL && !is_library(*info)) {
        entry_pending_ = false;
        entry_code_ = info;
        info->record = 0;  // defined again, as the entry
        define(*info);
    }
    if (options_.scope == TM_SCOPE_ENTRY && info != entry_code_) return nullptr;
    return info;
}

CodeInfo* Scope::library_code(PyCodeObject* code, const FrameStack& stack) {
    if (!stack.innermost()) return nullptr;
    size_t depth = 0;
    for (size_t i = stack.depth(); i > 0 && is_library(*stack.at(i - 1).code); --i) ++depth;
    return depth < kLibraryDepth ? codes_.add_library(code) : nullptr;
}

void Scope::define(CodeInfo& code) {
    if (code.record == record_number_) return;
    code.record = record_number_;
    const uint8_t entry = &code == entry_code_ ? format::kCodeEntry : 0;
    code.code_id = writer_.code(code.qualified_name, code.first_line, static_cast<uint8_t>(code.flags | entry));
    code.name_ids.assign(code.slot_names.size(), format::kNoId);
}

}  // namespace tracemill::trace
