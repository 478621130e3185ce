// A 64-bit summary of everything that shows in a value's bounded text, computed without rendering: when it has not
// changed, neither has the text. Keyed by nothing secret: a program that constructs two values with equal summaries
// only spoils its own record.
#pragma once

#include <cstdint>
#include <optional>

#include "python/compat.h"

namespace tracemill::trace {

struct FingerprintLimits {
    uint64_t max_chars = 0;  // of the text, 0 = unbounded
    bool instances = false;  // look into instances of the program's classes (their text comes from their fields)
};

struct Fingerprint {
    uint64_t text = 0;  // of everything that shows
    // Of a list or tuple that is longer than its text shows: the same for every one that begins so, however long.
    std::optional<uint64_t> beginning;
};

// Empty when only rendering can tell (the text comes from somebody's repr).
std::optional<Fingerprint> fingerprint(PyObject* object, const FingerprintLimits& limits);

}  // namespace tracemill::trace
