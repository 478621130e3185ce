// The code objects of the program that is running, and what the hook needs to know about each.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "loops/loop_table.h"
#include "python/ref.h"

namespace tracemill::trace {

struct CodeInfo {
    PyCodeObject* code = nullptr;
    python::Owned kept;      // the code itself where nothing else keeps it: its address is the key
    python::Owned bytecode;  // bytes without instrumentation, once asked for
    std::string qualified_name;
    uint32_t first_line = 0;
    uint8_t flags = 0;  // format::CodeFlags
    int first_traceable = 0;
    std::vector<std::string> slot_names;
    std::vector<uint8_t> slot_kinds;
    bool has_plain_slots = false;  // a function's, neither cells nor hidden ones

    // Of the current record; kNoId until first used.
    uint32_t code_id = 0;
    std::vector<uint32_t> name_ids;
    uint64_t record = 0;  // number of the record that the two above belong to

    std::unique_ptr<loops::LoopTable> loops;  // once asked for

    // 0 where the instruction has none.
    uint32_t line_of(int instruction) {
        if (lines_.empty()) read_lines();
        const auto at = static_cast<size_t>(instruction);
        return instruction >= 0 && at < lines_.size() && lines_[at] > 0 ? static_cast<uint32_t>(lines_[at]) : 0;
    }
    // Whether a frame that stopped at this instruction handed a value out of a generator.
    bool is_yield(int instruction);
    // Whether the instruction at this index returns from the function.
    bool is_return(int instruction);

  private:
    void read_lines();
    int opcode_at(int instruction);

    std::vector<int> lines_;  // by instruction, once asked for
};

class CodeRegistry {
  public:
    // Registers a module's code object and every one inside it, which the caller keeps: another reference to each would
    // be there to see.
    void add_program(PyCodeObject* module);
    // A library's code object, registered when first seen.
    CodeInfo* add_library(PyCodeObject* code);
    void clear();

    // Where the code's instructions stand in the loops of `source`, the program's. Loops of libraries are not known.
    const loops::LoopTable& loops_of(CodeInfo& code, std::string_view source);

    CodeInfo* find(PyCodeObject* code) {
        if (code == last_code_) return last_;
        const auto found = codes_.find(code);
        last_code_ = code;
        last_ = found == codes_.end() ? nullptr : &found->second;
        return last_;
    }

  private:
    CodeInfo* add(PyCodeObject* code, uint8_t flags);

    std::unordered_map<PyCodeObject*, CodeInfo> codes_;  // node-based: addresses of values are stable
    PyCodeObject* last_code_ = nullptr;
    CodeInfo* last_ = nullptr;
    std::unique_ptr<loops::SourceLoops> source_loops_;  // once asked for
};

// Whether code inside this one is referred to by more than the code around it, so that a function lives on.
bool is_inner_code_held(PyCodeObject* code);

}  // namespace tracemill::trace
