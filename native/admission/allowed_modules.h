// The modules that tame programs may import, and what of them: nothing that hands out state of the library, changes it,
// or calls a program's code with it. A name comes onto the list with the audit of its calls (test/audit).
#pragma once

#include <span>
#include <string_view>

namespace tracemill::admission {

struct AllowedModule {
    std::string_view name;
    // Separated by spaces; "*" stands for its public names, those of `__all__` where it has one.
    std::string_view names;
};

std::span<const AllowedModule> allowed_modules();

}  // namespace tracemill::admission
