// Whether a name stands where it does nothing but decorate: `@wraps(f)`, a name and one argument, right before a def.
#pragma once

#include "admission/instructions.h"

namespace tracemill::admission {

// `at` has just read the decorator's name.
bool is_decorator_of_one_name(const Instructions& at);

}  // namespace tracemill::admission
