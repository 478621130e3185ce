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

Slot& Namespaces::slot_of(Activation& activation, size_t index, PyObject* name) {
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
            slot.name_id = writer_.name(text);
        }
        names[at].name = python::Owned::share(name);
    }
    names[at].seen = true;
    return activation.slots[at];
}

}  // namespace tracemill::trace
