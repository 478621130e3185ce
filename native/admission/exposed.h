// What of the library a tame program gets hold of by names alone: everything that allowed modules give, and what their
// attributes lead to.
#pragma once

#include <vector>

#include "admission/name_table.h"

namespace tracemill::admission {

struct Exposed {
    // That are no module, type, function or plain value; those beside them in allowed modules as well.
    std::vector<python::Owned> instances;
    // Types among it, those of instances, and all that these derive from.
    std::vector<python::Owned> types;
    // What could be changed by itself, and so is not given after all.
    std::vector<python::Owned> unsteady;
    // Modules that are not on the list, and how they are reached: there must be none.
    std::vector<python::Owned> strange_modules;
};

// Names that lead to something that can be changed by itself, such as a container, are refused from here on.
Exposed find_exposed(NameTable& names);

}  // namespace tracemill::admission
