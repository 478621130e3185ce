#include "host/core_library.h"

#include <dlfcn.h>
#include <stdexcept>

namespace tracemill::host {

const tm_core* open_core(const std::string& libpython, const std::string& core_library) {
    // Extension modules are not linked to libpython: they find its symbols only when it is global.
    if (!dlopen(libpython.c_str(), RTLD_NOW | RTLD_GLOBAL))
        throw std::runtime_error("cannot load libpython: " + std::string(dlerror()));
    void* library = dlopen(core_library.c_str(), RTLD_NOW);
    if (!library) throw std::runtime_error("cannot load the tracer core: " + std::string(dlerror()));
    auto entry = reinterpret_cast<const tm_core* (*)()>(dlsym(library, "tracemill_core"));
    if (!entry) throw std::runtime_error(core_library + " has no tracemill_core: " + std::string(dlerror()));
    const tm_core* core = entry();
    if (core->abi != TM_CORE_ABI)
        throw std::runtime_error(core_library + " has interface version " + std::to_string(core->abi) + ", needed is " +
                                 std::to_string(TM_CORE_ABI) + ": build the native parts again (npm run build:native)");
    return core;
}

}  // namespace tracemill::host
