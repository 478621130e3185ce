// Opens libpython and the core that fits it.
#pragma once

#include "interface/core.h"

#include <string>

namespace tracemill::host {

// Both paths absolute. Throws std::runtime_error with the loader's own words. Nothing is ever closed again.
const tm_core* open_core(const std::string& libpython, const std::string& core_library);

}  // namespace tracemill::host
