#include "trace/code_registry.h"

#include <algorithm>
#include <opcode.h>

#include "format/record.h"
#include "python/frame_access.h"
#include "python/line_table.h"
#include "trace/python_text.h"

namespace tracemill::trace {
namespace {

using python::Owned;

constexpr int kSuspendable = CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR;

}  // namespace

void CodeInfo::read_lines() {
    lines_.resize(static_cast<size_t>(tm_instruction_count(code)));
    tm_read_lines(code, lines_.data());
}

int CodeInfo::opcode_at(int instruction) {
    if (!bytecode) bytecode = Owned::steal(PyCode_GetCode(code));
    const Py_ssize_t offset = Py_ssize_t{2} * instruction;
    if (!bytecode) {
        PyErr_Clear();
        return -1;
    }
    if (offset < 0 || offset >= PyBytes_GET_SIZE(bytecode.get())) return -1;
    return static_cast<uint8_t>(PyBytes_AS_STRING(bytecode.get())[offset]);
}

bool CodeInfo::is_yield(int instruction) {
    if (!(flags & format::kCodeGenerator)) return false;
    const int opcode = opcode_at(instruction);
    // From 3.13 a suspended frame already points at the RESUME after the yield.
    return opcode == YIELD_VALUE || (opcode == RESUME && opcode_at(instruction - 1) == YIELD_VALUE);
}

bool CodeInfo::is_return(int instruction) {
    const int opcode = opcode_at(instruction);
#ifdef RETURN_CONST
    if (opcode == RETURN_CONST) return true;
#endif
    return opcode == RETURN_VALUE;
}

CodeInfo* CodeRegistry::add(PyCodeObject* code, uint8_t flags) {
    CodeInfo& info = codes_[code];
    info.code = code;
    info.qualified_name = text_of(code->co_qualname);
    info.first_line = static_cast<uint32_t>(code->co_firstlineno);
    info.flags = flags;
    if (code->co_flags & kSuspendable) info.flags |= format::kCodeGenerator;
    info.first_traceable = tm_first_traceable(code);
    PyObject* names = tm_slot_names(code);
    const char* kinds = PyBytes_AS_STRING(tm_slot_kinds(code));
    const int count = tm_slot_count(code);
    info.slot_names.reserve(static_cast<size_t>(count));
    info.slot_kinds.reserve(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i) {
        info.slot_names.push_back(text_of(PyTuple_GET_ITEM(names, i)));
        info.slot_kinds.push_back(static_cast<uint8_t>(kinds[i]));
    }
    info.has_plain_slots = (code->co_flags & CO_OPTIMIZED) &&
                           std::all_of(info.slot_kinds.begin(), info.slot_kinds.end(), [](uint8_t kind) {
                               return (kind & (TM_SLOT_HIDDEN | TM_SLOT_CELL | TM_SLOT_FREE)) == 0;
                           });
    last_code_ = nullptr;
    return &info;
}

void CodeRegistry::add_program(PyCodeObject* module) {
    std::vector<std::pair<PyCodeObject*, uint8_t>> pending{{module, format::kCodeModule}};
    while (!pending.empty()) {
        const auto [code, flags] = pending.back();
        pending.pop_back();
        add(code, flags);
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(code->co_consts); ++i) {
            PyObject* constant = PyTuple_GET_ITEM(code->co_consts, i);
            if (!PyCode_Check(constant)) continue;
            auto* inner = reinterpret_cast<PyCodeObject*>(constant);
            // Functions have fast locals; a class body has not, and runs in a namespace of its own.
            const bool function = inner->co_flags & CO_OPTIMIZED;
            pending.emplace_back(inner, function ? 0 : format::kCodeClassBody);
        }
    }
}

const loops::LoopTable& CodeRegistry::loops_of(CodeInfo& code, std::string_view source) {
    if (!code.loops) {
        if (!source_loops_) {
            source_loops_ = std::make_unique<loops::SourceLoops>();
            source_loops_->read(source);
        }
        static const loops::SourceLoops kNone;
        const bool library = code.flags & format::kCodeLibrary;
        code.loops = std::make_unique<loops::LoopTable>(library ? kNone : *source_loops_, code.code);
    }
    return *code.loops;
}

CodeInfo* CodeRegistry::add_library(PyCodeObject* code) {
    CodeInfo* info = add(code, format::kCodeLibrary);
    info->kept = Owned::share(reinterpret_cast<PyObject*>(code));
    return info;
}

void CodeRegistry::clear() {
    last_code_ = nullptr;
    last_ = nullptr;
    codes_.clear();
    source_loops_.reset();
}

bool is_inner_code_held(PyCodeObject* code) {
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(code->co_consts); ++i) {
        PyObject* constant = PyTuple_GET_ITEM(code->co_consts, i);
        if (!PyCode_Check(constant)) continue;
        if (Py_REFCNT(constant) > 1 || is_inner_code_held(reinterpret_cast<PyCodeObject*>(constant))) return true;
    }
    return false;
}

}  // namespace tracemill::trace
