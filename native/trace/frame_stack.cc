#include "trace/frame_stack.h"

#include <utility>

namespace tracemill::trace {
namespace {

using format::kNoId;

loops::Shared<loops::Context> context_of(const Activation* activation) {
    return activation ? activation->loops.context() : loops::Shared<loops::Context>();
}

std::unique_ptr<Activation> take_last(std::vector<std::unique_ptr<Activation>>& activations) {
    std::unique_ptr<Activation> last = std::move(activations.back());
    activations.pop_back();
    return last;
}

}  // namespace

std::unique_ptr<Activation> Activations::fresh() {
    return spare_.empty() ? std::make_unique<Activation>() : take_last(spare_);
}

std::unique_ptr<Activation> Activations::start(PyFrameObject* frame, CodeInfo& code, const Activation* caller) {
    scope_.define(code);
    std::unique_ptr<Activation> activation = fresh();
    activation->frame = frame;
    activation->code = &code;
    activation->raised_at = Activation::kNotRaised;
    activation->lines = skipped_ && code.has_plain_slots ? Activation::Lines::kMixed : Activation::Lines::kAny;
    activation->integer_lines = 0;
    if (skipped_) {
        loops::Shared<loops::Frame> made(new loops::Frame());
        made->code_id = code.code_id;
        if (caller) made->parent = caller->loops.frame();
        activation->loops.enter(&codes_.loops_of(code, source_), std::move(made), context_of(caller));
    } else {
        activation->id = writer_.frame(code.code_id, caller ? caller->id : kNoId);
    }
    activation->slots.assign(code.slot_names.size(), Slot());
    for (uint32_t i = 0; Slot & slot : activation->slots) {
        slot.name_id = code.name_ids[i];
        slot.index = i++;
    }
    activation->names.clear();
    return activation;
}

void Activations::suspend(std::unique_ptr<Activation> activation) {
    if (skipped_) activation->loops.suspend(skipped_->timeline);
    PyFrameObject* frame = activation->frame;
    suspended_[frame] = std::move(activation);
}

std::unique_ptr<Activation> Activations::resume(PyFrameObject* frame, const Activation* caller) {
    const auto found = suspended_.find(frame);
    if (found == suspended_.end()) return nullptr;
    std::unique_ptr<Activation> activation = std::move(found->second);
    suspended_.erase(found);
    if (skipped_) activation->loops.resume(skipped_->timeline, context_of(caller));
    return activation;
}

void Activations::end(std::unique_ptr<Activation> activation) {
    if (skipped_) activation->loops.leave(skipped_->timeline);
    spare_.push_back(std::move(activation));
}

void Activations::forget(PyFrameObject* frame) {
    const auto found = suspended_.find(frame);
    if (found == suspended_.end()) return;
    if (skipped_) found->second->loops.leave(skipped_->timeline);
    suspended_.erase(found);
}

void Activations::end_suspended() {
    if (skipped_) each_suspended([this](Activation& activation) { activation.loops.leave(skipped_->timeline); });
    suspended_.clear();
}

Activation& FrameStack::push(std::unique_ptr<Activation> activation) {
    running_.push_back(std::move(activation));
    return *running_.back();
}

Activation& FrameStack::start(PyFrameObject* frame, CodeInfo& code) {
    activations_.forget(frame);
    return push(activations_.start(frame, code, innermost()));
}

Activation& FrameStack::current(PyFrameObject* frame, CodeInfo& code) {
    if (!running_.empty() && running_.back()->frame == frame) return *running_.back();
    for (size_t depth = running_.size(); depth > 0; --depth) {
        if (running_[depth - 1]->frame != frame) continue;
        while (running_.size() > depth) end();
        return *running_.back();
    }
    std::unique_ptr<Activation> resumed = activations_.resume(frame, innermost());
    return push(resumed ? std::move(resumed) : activations_.start(frame, code, innermost()));
}

void FrameStack::end() { activations_.end(take_last(running_)); }

void FrameStack::suspend() { activations_.suspend(take_last(running_)); }

}  // namespace tracemill::trace
