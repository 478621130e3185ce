// Exceptions of C++ end where CPython calls: its frames cannot be unwound. What is thrown there means that the recorder
// has no memory left, and ends the run.
#pragma once

#include <exception>
#include <utility>

namespace tracemill::trace {

// Ends the run that goes on with Status::kRecordLimit and raises what unwinds the program.
void stop_failed_recording() noexcept;

// What `body` returns, or `failed` with a Python exception set.
template <typename Result, typename Body>
Result contained(Result failed, Body&& body) noexcept {
    try {
        return std::forward<Body>(body)();
    } catch (const std::exception&) {
        stop_failed_recording();
        return failed;
    }
}

}  // namespace tracemill::trace
