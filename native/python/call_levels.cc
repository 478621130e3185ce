#include "python/call_levels.h"

#if TM_TRACING_TAKES_LEVELS

#include <cstdint>
#include <new>
#include <vector>

#include "python/call_site.h"

namespace tracemill::python {
namespace {

// Instructions are looked at where so many levels are left: what one of them does takes no more.
constexpr int kLastLevels = 4;

enum class Kind : uint8_t { kFrame, kFunctionOfC, kInstruction };

// What runs on this thread and takes levels.
struct Taking {
    const PyFrameObject* frame;  // that runs, or that it is done for; only compared
    int left;                    // levels that the thread had left when it began
    Kind kind;
    bool was_given;  // one level, for the one too many that it takes
};

thread_local std::vector<Taking> t_owned;
// The same, found without a call.
[[gnu::tls_model("initial-exec")]] thread_local std::vector<Taking>* t_takings = nullptr;

std::vector<Taking>& takings() {
    if (!t_takings) [[unlikely]]
        t_takings = &t_owned;
    return *t_takings;
}

void begin(PyThreadState* thread, const PyFrameObject* frame, Kind kind, bool is_given) {
    takings().push_back({frame, thread->recursion_remaining + is_given, kind, is_given});
    thread->recursion_remaining += is_given;
}

// What began unseen is not there: a generator that goes on with an exception does not say so.
void end(PyThreadState* thread, const PyFrameObject* frame, Kind kind) {
    std::vector<Taking>& all = takings();
    if (all.empty() || all.back().frame != frame || all.back().kind != kind) return;
    thread->recursion_remaining -= all.back().was_given;
    all.pop_back();
}

int profile(PyObject*, PyFrameObject* frame, int what, PyObject* function) {
    if (what == PyTrace_C_CALL) {
        try {
            begin(PyThreadState_Get(), frame, Kind::kFunctionOfC, tm_calls_c_freely(frame, function));
        } catch (const std::bad_alloc&) {
            // Noted as refused: the trace function ends the run.
        }
    } else if (what == PyTrace_C_RETURN || what == PyTrace_C_EXCEPTION) {
        end(PyThreadState_Get(), frame, Kind::kFunctionOfC);
    }
    return 0;
}

}  // namespace

void correct_call_levels(PyThreadState* thread) {
    if (thread == PyThreadState_Get()) takings().clear();
    if (!thread->c_profilefunc) tm_set_profile(thread, profile);
}

void leave_call_levels(PyThreadState* thread) {
    if (thread->c_profilefunc == profile) tm_set_profile(thread, nullptr);
}

void frame_takes_level(PyFrameObject* frame) {
    PyThreadState* thread = PyThreadState_Get();
    PyFrameObject* caller = tm_caller_by_c(frame);
    bool is_given = false;
    if (caller && !takings().empty()) {
        const Taking& last = takings().back();
        is_given = last.frame == caller && last.kind == Kind::kFrame &&
                   tm_calls_with_less(caller, frame, last.left - thread->recursion_remaining);
    }
    begin(thread, frame, Kind::kFrame, is_given);
    if (thread->recursion_remaining <= kLastLevels) tm_set_instruction_events(frame, 1);
}

void frame_gives_level(PyFrameObject* frame) {
    PyThreadState* thread = PyThreadState_Get();
    end(thread, frame, Kind::kInstruction);
    end(thread, frame, Kind::kFrame);
    tm_set_instruction_events(frame, 0);
}

void instruction_raised(PyFrameObject* frame) { end(PyThreadState_Get(), frame, Kind::kInstruction); }

void instruction_begins(PyFrameObject* frame) {
    PyThreadState* thread = PyThreadState_Get();
    end(thread, frame, Kind::kInstruction);
    if (tm_instruction_takes_less(frame)) begin(thread, frame, Kind::kInstruction, true);
}

}  // namespace tracemill::python

#endif
