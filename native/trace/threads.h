// The threads of a program, as the recorder knows them. All of it is guarded by the GIL.
//
// While the recorder looks at values, a library's code may let another thread run, which is recorded, too. So an event
// that has begun may find another thread's events written when it goes on: see Recorder::go_on_in().
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>

#include "format/writer.h"
#include "loops/pending.h"
#include "trace/frame_stack.h"
#include "trace/value_renderer.h"

namespace tracemill::trace {

struct ThreadRecording {
    ThreadRecording(Activations& activations, PyThreadState* state, uint32_t number)
        : stack(activations, number == 0), state(state), number(number) {}

    FrameStack stack;
    PyThreadState* const state;  // only compared: it may have ended
    const uint32_t number;       // in order of start; 0 is the main thread
    bool looks = false;          // at values, for an event or the result
    // While another thread is recorded: what this one was writing, and its events so far.
    format::PendingEvent event;
    std::unique_ptr<ValueRenderer> renderer;
    uint64_t clock = 0;
    // Whose event goes into the timeline, while its values are looked at; and that event, once it had to make room.
    Activation* shown = nullptr;
    std::optional<loops::Operation> interrupted;
};

class Threads {
  public:
    // On the main thread.
    explicit Threads(Activations& activations)
        : activations_(activations), main_(activations, PyThreadState_Get(), 0), others_(activations, nullptr, 0) {}

    ThreadRecording& main() { return main_; }
    // Stands for all threads that are not recorded: what they print is taken for the main thread's.
    ThreadRecording& others() { return others_; }

    // A thread that has not run yet.
    ThreadRecording& start(PyThreadState* state);
    // NULL: it is not recorded.
    ThreadRecording* find(PyThreadState* state);

    bool any_looks() const;
    void end_all();

    template <typename Visit>
    void each(Visit visit) const {
        visit(main_);
        for (const auto& [state, thread] : started_) visit(*thread);
    }

  private:
    Activations& activations_;
    ThreadRecording main_;
    ThreadRecording others_;
    std::unordered_map<PyThreadState*, std::unique_ptr<ThreadRecording>> started_;
    uint32_t last_ = 0;
};

}  // namespace tracemill::trace
