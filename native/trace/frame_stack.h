// The frames that are recorded: those that run, by thread, and those that are suspended.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "format/writer.h"
#include "trace/activation.h"
#include "trace/scope.h"
#include "trace/skipped_loops.h"

namespace tracemill::trace {

// Makes activations and takes them back. A suspended frame is on no stack: any may resume it.
class Activations {
  public:
    // References must outlive it; `source` is the program's, `skipped` may be NULL.
    Activations(CodeRegistry& codes, std::string_view source, Scope& scope, format::RecordWriter& writer,
                SkippedLoops* skipped)
        : d_codes(codes), d_source(source), d_scope(scope), d_writer(writer), d_skipped(skipped) {}

    // Of a frame that `caller` called; NULL: nobody who is recorded.
    std::unique_ptr<Activation> start(PyFrameObject* frame, CodeInfo& code, const Activation* caller);
    void suspend(std::unique_ptr<Activation> activation);
    // Empty where the frame is not suspended.
    std::unique_ptr<Activation> resume(PyFrameObject* frame, const Activation* caller);
    // The frame has ended.
    void end(std::unique_ptr<Activation> activation);
    // What was suspended at this address is gone, unseen.
    void forget(PyFrameObject* frame);
    void end_suspended();

    template <typename Visit>
    void each_suspended(Visit visit) const {
        for (const auto& [frame, activation] : d_suspended) visit(*activation);
    }

  private:
    std::unique_ptr<Activation> fresh();

    CodeRegistry& d_codes;
    const std::string_view d_source;
    Scope& d_scope;
    format::RecordWriter& d_writer;
    SkippedLoops* const d_skipped;
    std::unordered_map<PyFrameObject*, std::unique_ptr<Activation>> d_suspended;
    std::vector<std::unique_ptr<Activation>> d_spare;
};

// Those of one thread that run, outermost first.
class FrameStack {
  public:
    FrameStack(Activations& activations, bool is_main) : d_activations(activations), d_is_main(is_main) {}

    // Of the thread that runs the module.
    bool is_main() const { return d_is_main; }

    // NULL when nothing that is recorded runs.
    Activation* innermost() const { return d_running.empty() ? nullptr : d_running.back().get(); }
    size_t depth() const { return d_running.size(); }
    const Activation& at(size_t depth) const { return *d_running[depth]; }

    // A frame that starts, whatever a dead frame at the same address left here.
    Activation& start(PyFrameObject* frame, CodeInfo& code);
    // The activation of a frame that reports an event. Usually the innermost; frames above it ended unseen.
    Activation& current(PyFrameObject* frame, CodeInfo& code);
    // The innermost frame is left, for good or until it is resumed.
    void end();
    void suspend();
    void end_all() {
        while (!d_running.empty()) end();
    }

    // That of the innermost frame; with loops skipped.
    loops::Shared<loops::Context> context() const {
        return d_running.empty() ? loops::Shared<loops::Context>() : d_running.back()->loops.context();
    }

    template <typename Visit>
    void each(Visit visit) const {
        for (const auto& activation : d_running) visit(*activation);
    }

  private:
    Activation& push(std::unique_ptr<Activation> activation);

    Activations& d_activations;
    const bool d_is_main;
    std::vector<std::unique_ptr<Activation>> d_running;
};

}  // namespace tracemill::trace
