// Removes everything in a folder that programs could write to, however deep and with whatever rights they left it.
#pragma once

#include <string>
#include <vector>

namespace tracemill::host {

// All entries but those named. False with errno set when something stays.
bool empty_folder(const char* path, const std::vector<std::string>& kept);

}  // namespace tracemill::host
