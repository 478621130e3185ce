// What of the library a tame program gets hold of by names alone: everything that allowed modules give, and what their
// attributes lead to.
#pragma once

#include <vector>

#include "admission/name_table.h"

namespace tracemill::admission {

struct Exposed {
    // That are no module, type, function or plain value.
    std::vector<python::Owned> instances;
    // Modules that are not on the list, and how they are reached: there must be none.
    std::vector<python::Owned> strange_modules;
};

// Names of attributes that lead to a container of the library are refused from here on, so that none is exposed.
Exposed find_exposed(NameTable& names);

}  // namespace tracemill::admission
