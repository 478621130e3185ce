// What is known of a frame that is recorded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "loops/frame_loops.h"
#include "python/ref.h"
#include "trace/code_registry.h"
#include "trace/value_snapshot.h"

namespace tracemill::trace {

// One run of one function: from its call to its return, over all its suspensions.
struct Activation {
    static constexpr int kNotRaised = -1;

    PyFrameObject* frame = nullptr;  // borrowed; only compared, and only while the frame is running or suspended
    CodeInfo* code = nullptr;
    uint32_t id = 0;             // format::kNoId for a frame that is not recorded
    int raised_at = kNotRaised;  // instruction of the exception event, while that is the last event
    // What its lines are for: the recorder, or PlainLines, which see.
    enum class Lines : uint8_t { kAny, kMixed, kIntegers };
    Lines lines = Lines::kAny;
    uint32_t integer_lines = 0;  // of mixed_line(): so many of the last had integers in all slots
    std::vector<Slot> slots;     // fast locals by index
    // Names that lie in a dict: those of module and class bodies, and what a function's frame gained by exec() or its
    // f_locals. Their slots are numbered behind the fast locals.
    struct Named {
        python::Owned name;
        std::string text;
        bool seen;
        Slot slot;
    };
    std::vector<Named> names;
    loops::FrameLoops loops;  // with loops skipped

    // A name is defined when it is first bound: false while it is not.
    bool define_name(format::RecordWriter& writer, Slot& slot, PyObject* value) const;

    template <typename Visit>
    void each_slot(Visit visit) const {
        for (const Slot& slot : slots) visit(slot);
        for (const Named& named : names) visit(named.slot);
    }
};

}  // namespace tracemill::trace
