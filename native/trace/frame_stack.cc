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
    return d_spare.empty() ? std::make_unique<Activation>() : take_last(d_spare);
}

std::unique_ptr<Activation> Activations::start(PyFrameObject* frame, CodeInfo& code, const Activation* caller) {
    d_scope.define(code);
    std::unique_ptr<Activation> activation = fresh();
    activation->frame = frame;
    activation->code = &code;
    activation->raised_at = Activation::kNotRaised;
    activation->lines = d_skipped && code.has_plain_slots ? Activation::Lines::kMixed : Activation::Lines::kAny;
    activation->integer_lines = 0;
    if (d_skipped) {
        loops::Shared<loops::Frame> made(new loops::Frame());
        made->code_id = code.code_id;
        if (caller) made->parent = caller->loops.frame();
        activation->loops.enter(&d_codes.loops_of(code, d_source), std::move(made), context_of(caller));
    } else {
        activation->id = d_writer.frame(code.code_id, caller ? caller->id : kNoId);
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
    if (d_skipped) activation->loops.suspend(d_skipped->timeline);
    PyFrameObject* frame = activation->frame;
    d_suspended[frame] = std::move(activation);
}

std::unique_ptr<Activation> Activations::resume(PyFrameObject* frame, const Activation* caller) {
    const auto found = d_suspended.find(frame);
    if (found == d_suspended.end()) return nullptr;
    std::unique_ptr<Activation> activation = std::move(found->second);
    d_suspended.erase(found);
    if (d_skipped) activation->loops.resume(d_skipped->timeline, context_of(caller));
    return activation;
}

void Activations::end(std::unique_ptr<Activation> activation) {
    if (d_skipped) activation->loops.leave(d_skipped->timeline);
    d_spare.push_back(std::move(activation));
}

void Activations::forget(PyFrameObject* frame) {
    const auto found = d_suspended.find(frame);
    if (found == d_suspended.end()) return;
    if (d_skipped) found->second->loops.leave(d_skipped->timeline);
    d_suspended.erase(found);
}

void Activations::end_suspended() {
    if (d_skipped) each_suspended([this](Activation& activation) { activation.loops.leave(d_skipped->timeline); });
    d_suspended.clear();
}

Activation& FrameStack::push(std::unique_ptr<Activation> activation) {
    d_running.push_back(std::move(activation));
    return *d_running.back();
}

Activation& FrameStack::start(PyFrameObject* frame, CodeInfo& code) {
    d_activations.forget(frame);
    return push(d_activations.start(frame, code, innermost()));
}

Activation& FrameStack::current(PyFrameObject* frame, CodeInfo& code) {
    if (!d_running.empty() && d_running.back()->frame == frame) return *d_running.back();
    for (size_t depth = d_running.size(); depth > 0; --depth) {
        if (d_running[depth - 1]->frame != frame) continue;
        while (d_running.size() > depth) end();
        return *d_running.back();
    }
    std::unique_ptr<Activation> resumed = d_activations.resume(frame, innermost());
    return push(resumed ? std::move(resumed) : d_activations.start(frame, code, innermost()));
}

void FrameStack::end() { d_activations.end(take_last(d_running)); }

void FrameStack::suspend() { d_activations.suspend(take_last(d_running)); }

}  // namespace tracemill::trace
