// The names of module and class bodies, which lie in a dict, and of the comprehensions that CPython inlined there; the
// names that a function's frame has besides those of its code.
#pragma once

#include "format/writer.h"
#include "interface/core.h"
#include "python/frame_access.h"
#include "trace/activation.h"

namespace tracemill::trace {

class Namespaces {
  public:
    Namespaces(format::RecordWriter& writer, const tm_options& options) : writer_(writer), options_(options) {}

    // Calls show(slot, value) for every name that is shown, in order; NULL for those that went. `show` may run Python.
    // `names` and `fast_locals` are the frame's.
    template <typename Show>
    void each(Activation& activation, PyObject* names, PyObject* const* fast_locals, Show show);

    // The same for a function; `gained` is its frame's.
    template <typename Show>
    void each_gained(Activation& activation, PyObject* gained, Show show);

  private:
    // Of a dict, without an end: returns how many.
    template <typename Shows, typename Show>
    size_t each_in(Activation& activation, PyObject* names, Shows shows, Show show);
    template <typename Show>
    static void each_that_went(Activation& activation, Show show);
    bool shows(const CodeInfo& code, PyObject* name, PyObject* value) const;
    // Whether the name is none of the code's own.
    static bool is_gained(const CodeInfo& code, PyObject* name);
    // The slot of a name that was the `index`-th last time.
    Slot& slot_of(Activation& activation, size_t index, PyObject* name);
    template <typename Show>
    void each_hidden(Activation& activation, PyObject* const* fast_locals, size_t index, Show show);

    format::RecordWriter& writer_;
    const tm_options& options_;
};

template <typename Show>
void Namespaces::each(Activation& activation, PyObject* names, PyObject* const* fast_locals, Show show) {
    if (!PyDict_Check(names)) return;  // a metaclass's own mapping: reading it would run code
    const auto shown = [&](PyObject* name, PyObject* value) { return shows(*activation.code, name, value); };
    const size_t count = each_in(activation, names, shown, show);
    each_hidden(activation, fast_locals, count, show);
    each_that_went(activation, show);
}

template <typename Show>
void Namespaces::each_gained(Activation& activation, PyObject* gained, Show show) {
    const auto shown = [&](PyObject* name, PyObject*) { return is_gained(*activation.code, name); };
    if (!PyDict_Check(gained)) return;
    each_in(activation, gained, shown, show);
    each_that_went(activation, show);
}

template <typename Shows, typename Show>
size_t Namespaces::each_in(Activation& activation, PyObject* names, Shows shows, Show show) {
    // Who adds a name meanwhile, on another thread, may move the others: from the start again.
    const auto* dict = reinterpret_cast<PyDictObject*>(names);
    const PyDictKeysObject* keys = dict->ma_keys;
    for (auto& name : activation.names) name.seen = false;
    size_t index = 0;
    Py_ssize_t position = 0;
    PyObject* name = nullptr;
    PyObject* value = nullptr;
    while (PyDict_Next(names, &position, &name, &value)) {
        if (!shows(name, value)) continue;
        const python::Owned held_name = python::Owned::share(name);
        const python::Owned held = python::Owned::share(value);
        show(slot_of(activation, index++, name), value);
        if (dict->ma_keys == keys) continue;
        keys = dict->ma_keys;
        position = 0;
        index = 0;
    }
    return index;
}

template <typename Show>
void Namespaces::each_that_went(Activation& activation, Show show) {
    for (Activation::Named& named : activation.names) {
        if (!named.seen) show(named.slot, nullptr);
    }
}

// They are bound while the comprehension runs.
template <typename Show>
void Namespaces::each_hidden(Activation& activation, PyObject* const* fast_locals, size_t index, Show show) {
    const CodeInfo& code = *activation.code;
    PyObject* names = tm_slot_names(code.code);
    for (size_t i = 0; i < code.slot_kinds.size(); ++i) {
        if (!(code.slot_kinds[i] & TM_SLOT_HIDDEN) || !fast_locals[i]) continue;
        PyObject* value = fast_locals[i];
        if ((code.slot_kinds[i] & TM_SLOT_CELL) && PyCell_Check(value)) value = PyCell_GET(value);
        PyObject* name = PyTuple_GET_ITEM(names, static_cast<Py_ssize_t>(i));
        if (value && shows(code, name, value)) show(slot_of(activation, index++, name), value);
    }
}

}  // namespace tracemill::trace
