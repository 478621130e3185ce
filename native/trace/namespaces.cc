#include "trace/namespaces.h"

#include "trace/python_text.h"

namespace tracemill::trace {
namespace {

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

bool Namespaces::shows(const CodeInfo& code, PyObject* name, PyObject* value) const {
    if (!PyUnicode_CheckExact(name) || is_dunder(name)) return false;
    return !(code.flags & format::kCodeModule) || options_.show_module_values || !is_definition(value);
}

bool Namespaces::is_gained(const CodeInfo& code, PyObject* name) {
    if (!PyUnicode_CheckExact(name)) return false;
    PyObject* own = tm_slot_names(code.code);
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(own); ++i) {
        if (code.slot_kinds[static_cast<size_t>(i)] & TM_SLOT_HIDDEN) continue;
        // The names of code are interned; others are compared by their text.
        PyObject* other = PyTuple_GET_ITEM(own, i);
        if (other == name || (!PyUnicode_CHECK_INTERNED(name) && PyUnicode_Compare(other, name) == 0)) return false;
    }
    return true;
}

Slot& Namespaces::slot_of(Activation& activation, size_t index, PyObject* name) {
    auto& names = activation.names;
    size_t at = index;
    if (at >= names.size() || names[at].name.get() != name) {
        // Not where it was last time: a name was added, removed, shown or hidden before it.
        const std::string text = text_of(name);
        for (at = 0; at < names.size() && names[at].text != text; ++at) {
        }
        if (at == names.size()) {
            names.push_back({python::Owned(), text, false, Slot()});
            names[at].slot.index = static_cast<uint32_t>(activation.slots.size() + at);
            names[at].slot.name_id = writer_.name(text);
        }
        names[at].name = python::Owned::share(name);
    }
    names[at].seen = true;
    return names[at].slot;
}

}  // namespace tracemill::trace
