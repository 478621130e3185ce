// The standard library's extension modules, for machines whose sandbox lets no program load code.
#pragma once

#include <string>
#include <vector>

namespace tracemill::host {

// Opens the libraries in those of `folders` that hold the standard library's ("lib-dynload"), without initialising
// them: a program's import then finds them mapped. What cannot be opened is left out. libpython must be open, globally.
void open_extension_modules(const std::vector<std::string>& folders);

}  // namespace tracemill::host
