// How a run ended, as its recorder or its supervisor states it. All texts belong to the caller and are read only while
// the outcome is written.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "record.h"
#include "ref.h"

namespace tracemill::format {

// A value that is not in the record yet; it is defined together with the outcome, its repr cut to what fits.
struct ValueText {
    std::string_view type;
    uint8_t flags = 0;  // ValueFlags
    std::string_view repr;
    int64_t length = 0;     // read when flags has kValueHasLength
    uint64_t identity = 0;  // read when flags has kValueHasIdentity
};

struct OutcomeException {
    std::string_view type;
    std::string_view message;
    uint32_t line = 0;  // 0 = not in the program
    Ref value{};        // unbound: not known
};

struct Outcome {
    Status status = Status::kOk;
    // A Ref to a value that was rolled back because the record was full is left out of the record.
    std::variant<std::monostate, Ref, ValueText> result;
    std::optional<OutcomeException> exception;
    std::optional<std::string_view> detail;
    uint64_t events = 0;
    uint64_t lines = 0;
    uint64_t stdout_bytes = 0;
    uint64_t stderr_bytes = 0;
    uint64_t cpu_ns = 0;
    uint64_t wall_ns = 0;
};

}  // namespace tracemill::format
