#include "admission/decorator.h"

#include <opcode.h>

namespace tracemill::admission {
namespace {

bool reads_name(int opcode) {
    return opcode == LOAD_NAME || opcode == LOAD_GLOBAL || opcode == LOAD_FAST || opcode == LOAD_DEREF;
}

// What a def with defaults and a closure puts on the stack before it makes its function.
bool is_part_of_def(int opcode) {
    return opcode == LOAD_CONST || opcode == LOAD_FAST || opcode == LOAD_CLOSURE || opcode == BUILD_TUPLE ||
           opcode == BUILD_CONST_KEY_MAP;
}

// Before 3.12 an instruction of its own prepares a call.
bool next_is_call(Instructions& at, int arguments) {
#if PY_VERSION_HEX < 0x030c0000
    if (!at.next() || at.opcode() != PRECALL) return false;
#endif
    return at.next() && at.opcode() == CALL && at.argument() == arguments;
}

// Only decorators are called right after the function below them was made; every other call puts NULL beside what it
// calls.
bool is_followed_by_decorated_def(Instructions& at) {
    while (at.next() && is_part_of_def(at.opcode())) {
    }
    if (at.opcode() != MAKE_FUNCTION) return false;
#if PY_VERSION_HEX >= 0x030d0000
    Instructions after = at;
    while (after.next() && after.opcode() == SET_FUNCTION_ATTRIBUTE) at = after;
#endif
    return next_is_call(at, 0);
}

}  // namespace

bool is_decorator_of_one_name(const Instructions& at) {
    Instructions ahead = at;
    if (!ahead.next()) return false;
    if (ahead.opcode() == PUSH_NULL && !ahead.next()) return false;
    return reads_name(ahead.opcode()) && next_is_call(ahead, 1) && is_followed_by_decorated_def(ahead);
}

}  // namespace tracemill::admission
