#include "trace/threads.h"

namespace tracemill::trace {

ThreadRecording& Threads::start(PyThreadState* state) {
    // States are used again: what a thread left that ended unseen is not the new one's.
    std::unique_ptr<ThreadRecording>& started = started_[state];
    if (started) started->stack.end_all();
    started = std::make_unique<ThreadRecording>(activations_, state, ++last_);
    return *started;
}

ThreadRecording* Threads::find(PyThreadState* state) {
    if (state == main_.state) return &main_;
    const auto found = started_.find(state);
    return found == started_.end() ? nullptr : found->second.get();
}

bool Threads::any_looks() const {
    bool looks = false;
    each([&](const ThreadRecording& thread) { looks = looks || thread.looks; });
    return looks;
}

void Threads::end_all() {
    main_.stack.end_all();
    for (const auto& [state, thread] : started_) thread->stack.end_all();
}

}  // namespace tracemill::trace
