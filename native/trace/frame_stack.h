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
        : codes_(codes), source_(source), scope_(scope), writer_(writer), skipped_(skipped) {}

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
        for (const auto& [frame, activation] : suspended_) visit(*activation);
    }

  private:
    std::unique_ptr<Activation> fresh();

    CodeRegistry& codes_;
    const std::string_view source_;
    Scope& scope_;
    format::RecordWriter& writer_;
    SkippedLoops* const skipped_;
    std::unordered_map<PyFrameObject*, std::unique_ptr<Activation>> suspended_;
    std::vector<std::unique_ptr<Activation>> spare_;
};

// Those of one thread that run, outermost first.
class FrameStack {
  public:
    FrameStack(Activations& activations, bool is_main) : activations_(activations), is_main_(is_main) {}

    // Of the thread that runs the module.
    bool is_main() const { return is_main_; }

    // NULL when nothing that is recorded runs.
    Activation* innermost() const { return running_.empty() ? nullptr : running_.back().get(); }
    size_t depth() const { return running_.size(); }
    const Activation& at(size_t depth) const { return *running_[depth]; }

    // A frame that starts, whatever a dead frame at the same address left here.
    Activation& start(PyFrameObject* frame, CodeInfo& code);
    // The activation of a frame that reports an event. Usually the innermost; frames above it ended unseen.
    Activation& current(PyFrameObject* frame, CodeInfo& code);
    // The innermost frame is left, for good or until it is resumed.
    void end();
    void suspend();
    void end_all() {
        while (!running_.empty()) end();
    }

    // That of the innermost frame; with loops skipped.
    loops::Shared<loops::Context> context() const {
        return running_.empty() ? loops::Shared<loops::Context>() : running_.back()->loops.context();
    }

    template <typename Visit>
    void each(Visit visit) const {
        for (const auto& activation : running_) visit(*activation);
    }

  private:
    Activation& push(std::unique_ptr<Activation> activation);

    Activations& activations_;
    const bool is_main_;
    std::vector<std::unique_ptr<Activation>> running_;
};

}  // namespace tracemill::trace
