#include "trace/threads.h"

namespace tracemill::trace {

ThreadRecording& Threads::start(PyThreadState* state) {
    // States are used again: what a thread left that ended unseen is not the new one's.
    std::unique_ptr<ThreadRecording>& started = d_started[state];
    if (started) started->stack.end_all();
    started = std::make_unique<ThreadRecording>(d_activations, state, ++d_last);
    return *started;
}

ThreadRecording* Threads::find(PyThreadState* state) {
    if (state == d_main.state) return &d_main;
    const auto found = d_started.find(state);
    return found == d_started.end() ? nullptr : found->second.get();
}

bool Threads::any_looks() const {
    bool looks = false;
    each([&](const ThreadRecording& thread) { looks = looks || thread.looks; });
    return looks;
}

void Threads::end_all() {
    d_main.stack.end_all();
    for (const auto& [state, thread] : d_started) thread->stack.end_all();
}

}  // namespace tracemill::trace
