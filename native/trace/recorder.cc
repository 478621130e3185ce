#define Py_BUILD_CORE 1
#include "trace/recorder.h"

#include "python/frame_view.h"
#include "python/ref.h"
#include "trace/event_sink.h"
#include "trace/python_text.h"

namespace tracemill::trace {
namespace {

using format::EventKind;
using format::kNoId;

// With scope `all`, library frames are recorded this many calls deep below the program's.
constexpr size_t kLibraryDepth = 2;

bool is_dunder(PyObject* name) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(name);
    if (length < 5) return false;
    return PyUnicode_READ_CHAR(name, 0) == '_' && PyUnicode_READ_CHAR(name, 1) == '_' &&
           PyUnicode_READ_CHAR(name, length - 1) == '_' && PyUnicode_READ_CHAR(name, length - 2) == '_';
}

bool is_definition(PyObject* value) {
    return PyModule_Check(value) || PyFunction_Check(value) || PyCFunction_Check(value) || PyType_Check(value);
}

}  // namespace

Recorder::Recorder(CodeRegistry& codes, std::string_view source, format::RecordWriter& writer,
                   const tm_options& options, tm_progress& progress, uint64_t record_number)
    : d_codes(codes), d_source(source), d_writer(writer), d_options(options), d_progress(progress),
      d_record_number(record_number),
      d_skipping(options.skip_loops
                     ? std::make_unique<Skipping>(
                           writer, loops::Limits{options.loop_head, options.loop_tail, options.max_events})
                     : nullptr),
      d_values(writer, options, progress, d_skipping ? &d_skipping->values : nullptr) {}

bool Recorder::next_line(Activation& activation, PyFrameObject* frame) {
    const tm_frame_view view = tm_view_frame(frame);
    if (activation.code->code.get() != reinterpret_cast<PyObject*>(view.code)) {
        return other_event(frame, PyTrace_LINE, nullptr);
    }
    d_looking = true;
    return looked(line(activation, view));
}

bool Recorder::other_event(PyFrameObject* frame, int what, PyObject* argument) {
    const tm_frame_view view = tm_view_frame(frame);
    CodeInfo* code = code_in_scope(frame, what);
    if (!code) return true;
    d_looking = true;
    bool room = true;
    switch (what) {
        case PyTrace_CALL:
            room = called(view, frame, code);
            break;
        case PyTrace_LINE:
            if (Activation* activation = current(frame, code)) room = line(*activation, view);
            break;
        case PyTrace_EXCEPTION:
            if (Activation* activation = current(frame, code)) {
                room = write(EventKind::kException, *activation, view, argument);
                activation->raised_at = view.last_instruction;
            }
            break;
        case PyTrace_RETURN:
            room = left(view, frame, code, argument);
            break;
        default:
            break;
    }
    return looked(room);
}

bool Recorder::line(Activation& activation, const tm_frame_view& view) {
    ++d_progress.lines;
    const bool room = write_inline(EventKind::kLine, activation, view, nullptr);
    activation.raised_at = Activation::kNotRaised;
    return room;
}

format::Ref Recorder::result(PyObject* value) {
    d_looking = true;
    const format::Ref ref = d_values.once(value);
    d_looking = false;
    return d_skipping ? d_skipping->values.in_record(ref) : ref;
}

bool Recorder::output(format::Stream stream, std::string_view text) {
    return d_skipping ? d_skipping->timeline.output(stream, text, context()) : d_writer.output(stream, text);
}

bool Recorder::finish() {
    if (!d_skipping) return true;
    while (!d_stack.empty()) pop(nullptr);
    for (const auto& [frame, activation] : d_suspended) activation->loops.leave(d_skipping->timeline);
    d_suspended.clear();
    return d_skipping->timeline.flush();
}

// That of the innermost frame.
loops::Shared<loops::Context> Recorder::context() const {
    return d_stack.empty() ? loops::Shared<loops::Context>() : d_stack.back()->loops.context();
}

void Recorder::sweep_values() {
    if (!d_skipping->values.wants_sweep()) return;
    const auto mark = [this](const Activation& activation) {
        for (const Slot& slot : activation.slots) d_skipping->values.mark(slot.ref);
    };
    for (const auto& activation : d_stack) mark(*activation);
    for (const auto& [frame, activation] : d_suspended) mark(*activation);
    d_skipping->timeline.mark_values();
    d_values.mark_deferred();
    d_skipping->values.sweep();
}

CodeInfo* Recorder::code_in_scope(PyFrameObject* frame, int what) {
    PyCodeObject* code = tm_frame_code(frame);
    CodeInfo* info = d_codes.find(code);
    if (!info && d_options.scope == TM_SCOPE_ALL && what == PyTrace_CALL && !d_stack.empty()) {
        size_t depth = 0;
        for (auto at = d_stack.rbegin(); at != d_stack.rend() && ((*at)->code->flags & format::kCodeLibrary); ++at) {
            ++depth;
        }
        if (depth < kLibraryDepth) info = d_codes.add_library(code);
    }
    if (!info) {
        if (what == PyTrace_CALL) tm_set_line_events(frame, 0);
        return nullptr;
    }
    if (d_entry_pending && what == PyTrace_CALL && !(info->flags & format::kCodeLibrary)) {
        d_entry_pending = false;
        d_entry_code = info;
        info->record = 0;  // defined again, as the entry
        assign_code_id(*info);
    }
    if (d_options.scope == TM_SCOPE_ENTRY && info != d_entry_code) return nullptr;
    return info;
}

void Recorder::assign_code_id(CodeInfo& code) {
    if (code.record == d_record_number) return;
    code.record = d_record_number;
    const uint8_t entry = &code == d_entry_code ? format::kCodeEntry : 0;
    code.code_id = d_writer.code(code.qualified_name, code.first_line, static_cast<uint8_t>(code.flags | entry));
    code.name_ids.assign(code.slot_names.size(), kNoId);
}

std::unique_ptr<Activation> Recorder::fresh_activation() {
    if (d_spare.empty()) return std::make_unique<Activation>();
    std::unique_ptr<Activation> activation = std::move(d_spare.back());
    d_spare.pop_back();
    return activation;
}

Activation* Recorder::push_new(PyFrameObject* frame, CodeInfo* code) {
    assign_code_id(*code);
    std::unique_ptr<Activation> activation = fresh_activation();
    activation->frame = frame;
    activation->code = code;
    activation->raised_at = Activation::kNotRaised;
    activation->lines = d_skipping && code->has_plain_slots ? Activation::Lines::kMixed : Activation::Lines::kAny;
    activation->integer_lines = 0;
    if (d_skipping) {
        loops::Shared<loops::Frame> made(new loops::Frame());
        made->code_id = code->code_id;
        if (!d_stack.empty()) made->parent = d_stack.back()->loops.frame();
        activation->loops.enter(&d_codes.loops_of(*code, d_source), std::move(made), context());
    } else {
        activation->id = d_writer.frame(code->code_id, d_stack.empty() ? kNoId : d_stack.back()->id);
    }
    activation->slots.assign(code->slot_names.size(), Slot());
    for (uint32_t i = 0; Slot & slot : activation->slots) {
        slot.name_id = code->name_ids[i];
        slot.index = i++;
    }
    activation->names.clear();
    d_stack.push_back(std::move(activation));
    return d_stack.back().get();
}

// The activation of a frame that reports an event. Usually the innermost; frames above it ended unseen.
Activation* Recorder::current(PyFrameObject* frame, CodeInfo* code) {
    if (!d_stack.empty() && d_stack.back()->frame == frame) return d_stack.back().get();
    for (size_t depth = d_stack.size(); depth > 0; --depth) {
        if (d_stack[depth - 1]->frame != frame) continue;
        while (d_stack.size() > depth) pop(nullptr);
        return d_stack.back().get();
    }
    const auto suspended = d_suspended.find(frame);
    if (suspended == d_suspended.end()) return push_new(frame, code);
    if (d_skipping) suspended->second->loops.resume(d_skipping->timeline, context());
    d_stack.push_back(std::move(suspended->second));
    d_suspended.erase(suspended);
    return d_stack.back().get();
}

void Recorder::pop(Activation* keep_suspended) {
    std::unique_ptr<Activation> top = std::move(d_stack.back());
    d_stack.pop_back();
    if (top.get() == keep_suspended) {
        if (d_skipping) top->loops.suspend(d_skipping->timeline);
        d_suspended[top->frame] = std::move(top);
        return;
    }
    if (d_skipping) top->loops.leave(d_skipping->timeline);
    d_spare.push_back(std::move(top));
}

bool Recorder::called(const tm_frame_view& view, PyFrameObject* frame, CodeInfo* code) {
    const bool starts = view.last_instruction <= code->first_traceable;
    if (!starts && (code->flags & format::kCodeGenerator)) {
        Activation* activation = current(frame, code);
        activation->raised_at = Activation::kNotRaised;
        return write(EventKind::kResume, *activation, view, nullptr);
    }
    // A frame that starts is a new one, whatever a dead frame at the same address left here.
    forget_suspended(frame);
    return write(EventKind::kCall, *push_new(frame, code), view, nullptr);
}

// From 3.12 a frame that an exception leaves reports None. It is told from a return by the instruction it stopped at;
// an exception thrown into a suspended frame is raised at the yield itself.
bool Recorder::is_unwinding(const Activation& activation, const tm_frame_view& view) const {
    if (activation.code->is_return(view.last_instruction)) return false;
    return !activation.code->is_yield(view.last_instruction) || view.last_instruction == activation.raised_at;
}

bool Recorder::left(const tm_frame_view& view, PyFrameObject* frame, CodeInfo* code, PyObject* value) {
    Activation* activation = current(frame, code);
    const bool unwound = !value || (value == Py_None && is_unwinding(*activation, view));
    const bool yields = !unwound && code->is_yield(view.last_instruction);
    const bool room =
        write(yields ? EventKind::kYield : EventKind::kReturn, *activation, view, unwound ? nullptr : value);
    activation->raised_at = Activation::kNotRaised;
    pop(yields ? activation : nullptr);
    return room;
}

bool Recorder::write(EventKind kind, Activation& activation, const tm_frame_view& view, PyObject* argument) {
    return write_inline(kind, activation, view, argument);
}

bool Recorder::write_inline(EventKind kind, Activation& activation, const tm_frame_view& view, PyObject* argument) {
    if (d_skipping) {
        return d_skipping->timeline.has_room() &&
               write_to(LoopSink(d_skipping->timeline), kind, activation, view, argument);
    }
    if (d_options.max_events != 0 && d_progress.events >= d_options.max_events) return false;
    return write_to(RecordSink(d_writer), kind, activation, view, argument);
}

template <typename Sink>
bool Recorder::write_to(Sink sink, EventKind kind, Activation& activation, const tm_frame_view& view,
                        PyObject* argument) {
    ++d_progress.events;
    d_whole_state = sink.begin(kind, activation, view.last_instruction);
    if (view.namespace_ && !(view.code->co_flags & CO_OPTIMIZED)) {
        observe_namespace(sink, activation);
    } else {
        observe_fast_locals(sink, activation, view);
    }
    if (argument && kind == EventKind::kException) {
        write_exception(sink, argument);
    } else if (argument) {
        sink.payload_value(d_values.once(argument));
    }
    return sink.end();
}

// The frame that was here is gone, unseen.
void Recorder::forget_suspended(PyFrameObject* frame) {
    const auto found = d_suspended.find(frame);
    if (found == d_suspended.end()) return;
    if (d_skipping) found->second->loops.leave(d_skipping->timeline);
    d_suspended.erase(found);
}

template <typename Sink>
void Recorder::observe_fast_locals(Sink sink, Activation& activation, const tm_frame_view& view) {
    CodeInfo& code = *activation.code;
    const size_t count = code.slot_kinds.size();
    Slot* slots = activation.slots.data();
    PyObject* const* values = view.slots;
    const auto show = [&](Slot& slot, PyObject* value) {
        if (slot.name_id != kNoId || define_name(code, slot, value)) sink.change(slot.index, slot.name_id, slot.ref);
    };
    if (code.has_plain_slots && !d_whole_state) [[likely]] {
        for (size_t i = 0; i < count; ++i) {
            if (d_values.observe(slots[i], values[i])) show(slots[i], values[i]);
        }
        return;
    }
    const bool cells_made = view.last_instruction >= code.first_traceable;
    for (size_t i = 0; i < count; ++i) {
        PyObject* value = values[i];
        const uint8_t kind = code.slot_kinds[i];
        if (kind & TM_SLOT_HIDDEN) continue;
        const bool is_cell = (kind & (TM_SLOT_CELL | TM_SLOT_FREE)) != 0;
        if (is_cell && value && cells_made && PyCell_Check(value)) value = PyCell_GET(value);
        if (observe(slots[i], value)) show(slots[i], value);
    }
}

// A name is defined when it is first bound.
bool Recorder::define_name(CodeInfo& code, Slot& slot, PyObject* value) {
    if (!value) return false;
    uint32_t& id = code.name_ids[slot.index];
    if (id == kNoId) id = d_writer.name(code.slot_names[slot.index]);
    slot.name_id = id;
    return true;
}

bool Recorder::shows(const CodeInfo& code, PyObject* name, PyObject* value) const {
    if (!PyUnicode_CheckExact(name) || is_dunder(name)) return false;
    return !(code.flags & format::kCodeModule) || d_options.show_module_values || !is_definition(value);
}

template <typename Sink>
void Recorder::observe_named(Sink sink, Activation& activation, size_t index, PyObject* name, PyObject* value) {
    auto& names = activation.names;
    size_t at = index;
    if (at >= names.size() || names[at].name.get() != name) {
        // Not where it was last time: a name was added, removed, shown or hidden before it.
        const std::string text = text_of(name);
        for (at = 0; at < names.size() && names[at].text != text; ++at) {
        }
        if (at == names.size()) {
            names.push_back({python::Owned(), text, false});
            Slot& slot = activation.slots.emplace_back();
            slot.index = static_cast<uint32_t>(at);
            slot.name_id = d_writer.name(text);
        }
        names[at].name = python::Owned::share(name);
    }
    names[at].seen = true;
    Slot& slot = activation.slots[at];
    if (observe(slot, value)) sink.change(slot.index, slot.name_id, slot.ref);
}

// The variables of a comprehension that CPython inlined into a module or class body: bound while it runs.
template <typename Sink>
void Recorder::observe_hidden_locals(Sink sink, Activation& activation, const tm_frame_view& view, size_t index) {
    const CodeInfo& code = *activation.code;
    for (size_t i = 0; i < code.slot_kinds.size(); ++i) {
        if (!(code.slot_kinds[i] & TM_SLOT_HIDDEN) || !view.slots[i]) continue;
        PyObject* value = view.slots[i];
        if ((code.slot_kinds[i] & TM_SLOT_CELL) && PyCell_Check(value)) value = PyCell_GET(value);
        PyObject* name = PyTuple_GET_ITEM(tm_slot_names(view.code), static_cast<Py_ssize_t>(i));
        if (value && shows(code, name, value)) observe_named(sink, activation, index++, name, value);
    }
}

template <typename Sink>
[[gnu::noinline]] void Recorder::observe_namespace(Sink sink, Activation& activation) {
    const tm_frame_view view = tm_view_frame(activation.frame);
    if (activation.names.empty()) activation.slots.clear();
    if (!PyDict_Check(view.namespace_)) return;  // a metaclass's own mapping: reading it would run code
    for (auto& name : activation.names) name.seen = false;
    size_t index = 0;
    Py_ssize_t position = 0;
    PyObject* name = nullptr;
    PyObject* value = nullptr;
    while (PyDict_Next(view.namespace_, &position, &name, &value)) {
        if (!shows(*activation.code, name, value)) continue;
        const python::Owned held_name = python::Owned::share(name);
        const python::Owned held = python::Owned::share(value);
        observe_named(sink, activation, index++, name, value);
    }
    observe_hidden_locals(sink, activation, view, index);
    for (size_t i = 0; i < activation.names.size(); ++i) {
        Slot& slot = activation.slots[i];
        if (!activation.names[i].seen && observe(slot, nullptr)) sink.change(slot.index, slot.name_id, slot.ref);
    }
}

// `argument` is settrace's (type, value, traceback); the value may be no exception before it is normalised.
template <typename Sink>
void Recorder::write_exception(Sink sink, PyObject* argument) {
    PyObject* value =
        PyTuple_Check(argument) && PyTuple_GET_SIZE(argument) > 1 ? PyTuple_GET_ITEM(argument, 1) : argument;
    const uint32_t type = d_values.type_id(Py_TYPE(value));
    const auto objects = static_cast<tm_objects>(d_options.objects);
    const std::string message = PyExceptionInstance_Check(value) ? exception_message(value, objects) : std::string();
    sink.payload_exception(type, message);
}

}  // namespace tracemill::trace
