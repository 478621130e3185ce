#include "admission/instructions.h"

#include <opcode.h>

#include <bitset>
#include <cstring>

#include "python/ref.h"

namespace tracemill::admission {
namespace {

using python::Owned;

constexpr int kOpcodes = 256;  // beyond are those that only the compiler uses

std::bitset<kOpcodes> s_jumps;
std::bitset<kOpcodes> s_jumps_back;

template <typename Visit>
bool for_each_opcode(PyObject* module, const char* list, Visit visit) {
    const Owned numbers = Owned::steal(PyObject_GetAttrString(module, list));
    if (!numbers || !PyList_Check(numbers.get())) return false;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(numbers.get()); ++i) {
        const long number = PyLong_AsLong(PyList_GET_ITEM(numbers.get(), i));
        if (number >= 0 && number < kOpcodes && !visit(static_cast<int>(number))) return false;
    }
    return true;
}

bool is_named_back(PyObject* module, int opcode) {
    const Owned names = Owned::steal(PyObject_GetAttrString(module, "opname"));
    const Owned name = names ? Owned::steal(PySequence_GetItem(names.get(), opcode)) : Owned();
    const char* text = name ? PyUnicode_AsUTF8(name.get()) : nullptr;
    PyErr_Clear();
    return text && std::strstr(text, "BACKWARD");
}

}  // namespace

bool know_instructions() {
    const Owned module = Owned::steal(PyImport_ImportModule("opcode"));
    if (!module) return false;
    const auto is_known = [](int opcode) { return name_operand(opcode, 0).kind != NameOperand::kNone; };
    const auto note_jump = [&](int opcode) {
        s_jumps.set(static_cast<size_t>(opcode));
        s_jumps_back.set(static_cast<size_t>(opcode), is_named_back(module.get(), opcode));
        return true;
    };
    return for_each_opcode(module.get(), "hasname", is_known) && for_each_opcode(module.get(), "hasjrel", note_jump);
}

NameOperand name_operand(int opcode, int argument) {
    switch (opcode) {
        case LOAD_NAME:
            return {NameOperand::kVariable, argument};
        case LOAD_GLOBAL:
            return {NameOperand::kVariable, argument >> 1};
        case STORE_NAME:
        case STORE_GLOBAL:
        case DELETE_NAME:
        case DELETE_GLOBAL:
            return {NameOperand::kDefinition, argument};
        case STORE_ATTR:
        case DELETE_ATTR:
            return {NameOperand::kChange, argument};
        case IMPORT_NAME:
            return {NameOperand::kImport, argument};
        case IMPORT_FROM:
            return {NameOperand::kImportFrom, argument};
#if PY_VERSION_HEX >= 0x030c0000
        case LOAD_ATTR:
            return {NameOperand::kAttribute, argument >> 1};
        case LOAD_SUPER_ATTR:
            return {NameOperand::kAttribute, argument >> 2};
        case LOAD_FROM_DICT_OR_GLOBALS:
            return {NameOperand::kVariable, argument};
#else
        case LOAD_ATTR:
        case LOAD_METHOD:
            return {NameOperand::kAttribute, argument};
#endif
        default:
            return {};
    }
}

bool is_import_star(int opcode, int argument) {
#if PY_VERSION_HEX >= 0x030c0000
    constexpr int kImportStar = 2;  // of the intrinsic functions
    return opcode == CALL_INTRINSIC_1 && argument == kImportStar;
#else
    (void)argument;
    return opcode == IMPORT_STAR;
#endif
}

bool Instructions::next() {
    while (next_ < count_ && units_[size_t{2} * static_cast<size_t>(next_)] == CACHE) ++next_;
    start_ = next_;
    argument_ = 0;
    for (; next_ < count_; ++next_) {
        const uint8_t* unit = units_ + size_t{2} * static_cast<size_t>(next_);
        argument_ = static_cast<int>(static_cast<uint32_t>(argument_) << 8 | unit[1]);
        opcode_ = unit[0];
        if (opcode_ == EXTENDED_ARG) continue;
        ++next_;
        return true;
    }
    return false;
}

bool Instructions::is_jump_target() const {
    Instructions at = *this;
    at.next_ = 0;
    while (at.next()) {
        if (!s_jumps[static_cast<size_t>(at.opcode_)]) continue;
        int after = at.next_;
        while (after < count_ && units_[size_t{2} * static_cast<size_t>(after)] == CACHE) ++after;
        const int target = s_jumps_back[static_cast<size_t>(at.opcode_)] ? after - at.argument_ : after + at.argument_;
        if (target == start_) return true;
    }
    return false;
}

}  // namespace tracemill::admission
