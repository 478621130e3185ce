#include "host/extension_modules.h"

#include <dlfcn.h>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace tracemill::host {

namespace {

// Python's own tests; and what opens half a desktop.
bool is_wanted(std::string_view name) {
    return name.ends_with(".so") && !name.starts_with("_test") && !name.starts_with("_tkinter");
}

}  // namespace

void open_extension_modules(const std::vector<std::string>& folders) {
    for (const std::filesystem::path folder : folders) {
        if (folder.filename() != "lib-dynload") continue;
        std::error_code unreadable;
        for (const auto& entry : std::filesystem::directory_iterator(folder, unreadable))
            if (is_wanted(entry.path().filename().string())) dlopen(entry.path().c_str(), RTLD_NOW);
    }
}

}  // namespace tracemill::host
