// The instructions of a code object as its compiler wrote them, one after another, and which of them use names.
#pragma once

#include <cstdint>

#include "python/compat.h"

namespace tracemill::admission {

// Of a newer Python nobody has looked at the instructions.
inline constexpr bool kKnowsInstructions = PY_VERSION_HEX < 0x030e0000;

// Once; asks Python which instructions use names and which jump. False: some that use names are not known here, or an
// exception is set.
bool know_instructions();

// What an instruction does with a name, and where the name stands in co_names.
struct NameOperand {
    enum Kind : uint8_t { kNone, kVariable, kDefinition, kAttribute, kChange, kImport, kImportFrom };
    Kind kind = kNone;
    int index = 0;
};
NameOperand name_operand(int opcode, int argument);

bool is_import_star(int opcode, int argument);

class Instructions {
  public:
    // Of PyCode_GetCode(); borrowed.
    explicit Instructions(PyObject* bytes)
        : units_(reinterpret_cast<const uint8_t*>(PyBytes_AS_STRING(bytes))),
          count_(static_cast<int>(PyBytes_GET_SIZE(bytes) / 2)) {}

    // Before the first and to each next one; false at the end.
    bool next();
    int opcode() const { return opcode_; }
    int argument() const { return argument_; }
    // Whether another instruction jumps here.
    bool is_jump_target() const;

  private:
    const uint8_t* units_;
    int count_;
    int next_ = 0;   // where the next one begins
    int start_ = 0;  // of this one, its extended arguments included
    int opcode_ = -1;
    int argument_ = 0;
};

}  // namespace tracemill::admission
