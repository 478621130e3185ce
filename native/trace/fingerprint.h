// A 64-bit summary of everything that shows in a value's bounded text, computed without rendering: when it has not
// changed, neither has the text. Keyed by nothing secret: a program that constructs two values with equal summaries
// only spoils its own record.
#pragma once

#include <cstdint>
#include <optional>

#include "interface/core.h"
#include "python/compat.h"
#include "python/object_ordinals.h"

namespace tracemill::trace {

struct FingerprintLimits {
    uint64_t max_chars = 0;  // of the text, 0 = unbounded
    tm_objects objects = TM_OBJECTS_FIELDS;
};

struct Fingerprint {
    uint64_t text = 0;  // of everything that shows
    // Of a list or tuple that is longer than its text shows: the same for every one that begins so, however long.
    std::optional<uint64_t> beginning;
};

// Empty when only rendering can tell (the text comes from somebody's repr). Runs no Python code and makes no objects.
// `identity`: the ordinal of the object, 0 where it has none; it stands for the rest of what is large and never
// changes.
std::optional<Fingerprint> fingerprint(PyObject* object, uint64_t identity, const FingerprintLimits& limits,
                                       const python::ObjectOrdinals& ordinals);

}  // namespace tracemill::trace
