// Of value_walk.h: instances of the program's classes, exceptions, and objects without a repr of their own, shown by
// what they hold: `Point(x=1, y=2)`.
#pragma once

#include "python/slots.h"
#include "trace/slot_order.h"
#include "trace/value_walk.h"

namespace tracemill::trace {

// As most instances have; more are looked at one by one.
constexpr int kFewFields = 8;

// For classes built on another type, that type's value first: `Stack([1, 2], limit=3)`.
template <typename Output>
bool ValueWalk<Output>::fields(PyObject* object) {
    PyObject* name = nullptr;
    PyObject* member = nullptr;
    PyTypeObject* type = Py_TYPE(object);
    const ClassFacts facts = class_facts(type);
    if (facts.is_enum && enum_member(object, &name, &member)) return enumeration(name, member, type);
    const Opened opened(open_, object);
    if (!opened) return closed(opened, object, "...");
    const Held held = Output::hold(object);
    return structure(object, facts);
}

template <typename Output>
bool ValueWalk<Output>::structure(PyObject* object, const ClassFacts& facts) {
    PyTypeObject* type = Py_TYPE(object);
    bool first = true;
    return out_.class_name(type) && out_.punctuation("(") && (facts.is_plain || base_content(object, first)) &&
           (!facts.has_slots || slots(type, object, first)) &&
           (!tm_may_have_dict(type) || attributes(object, facts.is_thread, first)) && out_.word(")");
}

// `<Color.RED: 1>`; a flag that no name stands for is `<Access: 0>`.
template <typename Output>
bool ValueWalk<Output>::enumeration(PyObject* name, PyObject* member, PyTypeObject* type) {
    const Held held_name = Output::hold(name);
    const Held held_value = Output::hold(member);
    if (!out_.word("<") || !out_.class_name(type)) return false;
    if (name != Py_None && (!out_.punctuation(".") || !out_.text(name))) return false;
    return out_.punctuation(": ") && value(member) && out_.punctuation(">");
}

template <typename Output>
bool ValueWalk<Output>::field(PyObject* name, PyObject* item, bool& first) {
    const Held held_name = Output::hold(name);
    const Held held = Output::hold(item);
    return separator(first) && (PyUnicode_Check(name) ? out_.text(name) : value(name)) && out_.punctuation("=") &&
           value(item);
}

// Of base classes first, also of the library's: what they hold is there.
template <typename Output>
bool ValueWalk<Output>::slots(PyTypeObject* type, PyObject* object, bool& first) {
    if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE)) return true;
    if (type->tp_base && !slots(type->tp_base, object, first)) return false;
    if (!type->tp_members) return true;
    const SlotOrder order(type);
    for (const PyMemberDef* slot : order.members()) {
        PyObject* item = *reinterpret_cast<PyObject**>(reinterpret_cast<char*>(object) + slot->offset);
        if (!item) continue;
        const Held held = Output::hold(item);
        if (!separator(first) || !out_.name(slot->name) || !out_.punctuation("=") || !value(item)) return false;
    }
    return true;
}

// Of a class whose state has a number: that stands for the names.
template <typename Output>
bool ValueWalk<Output>::inline_attributes(PyTypeObject* type, const tm_field* fields, int count, bool& first) {
    out_.version(type->tp_version_tag);
    for (int i = 0; i < count; ++i) {
        if (!separator(first) || !out_.name_of_class(fields[i].name) || !out_.punctuation("=") ||
            !value(fields[i].value)) {
            return false;
        }
    }
    return true;
}

template <typename Output>
bool ValueWalk<Output>::attributes(PyObject* object, bool is_thread, bool& first) {
    if constexpr (!Output::kRunsCode) {
        tm_field fields[kFewFields];
        const bool has_number = !is_thread && Py_TYPE(object)->tp_version_tag != 0;
        const int count = has_number ? tm_inline_fields(object, fields, kFewFields) : -1;
        if (count >= 0) return inline_attributes(Py_TYPE(object), fields, count, first);
    }
    Py_ssize_t position = 0;
    PyObject* name = nullptr;
    PyObject* item = nullptr;
    while (tm_next_field(object, &position, &name, &item)) {
        if (is_thread && is_thread_number(name)) continue;
        if (!field(name, item, first)) return false;
    }
    return true;
}

// What an instance holds as an instance of the built-in type below its class, besides its fields.
template <typename Output>
bool ValueWalk<Output>::base_content(PyObject* object, bool& first) {
    const auto shown = [&](bool more) {
        first = false;
        return more;
    };
    if (PyObject* names = named_tuple_fields(object)) {
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); ++i) {
            if (!field(PyTuple_GET_ITEM(names, i), PyTuple_GET_ITEM(object, i), first)) return false;
        }
        return true;
    }
    const KnownType known = known_base(Py_TYPE(object));
    if (known != KnownType::kNone) return library_content(object, known, first);
    if (PyExceptionInstance_Check(object)) {
        const Py_ssize_t count = PyTuple_GET_SIZE(exception_args(object));
        first = count == 0;
        return out_.size(nullptr, count) && arguments(object);
    }
    if (PyList_Check(object)) {
        return shown(out_.size(&PyList_Type, PyList_GET_SIZE(object)) && out_.punctuation("[") && list_items(object) &&
                     out_.punctuation("]"));
    }
    if (PyTuple_Check(object)) {
        const Py_ssize_t size = PyTuple_GET_SIZE(object);
        return shown(out_.size(&PyTuple_Type, size) && out_.punctuation("(") && tuple_items(object) &&
                     out_.punctuation(size == 1 ? ",)" : ")"));
    }
    if (PyDict_Check(object)) return shown(dict_items(object));
    if (PyAnySet_Check(object)) {
        const Py_ssize_t size = PySet_GET_SIZE(object);
        return out_.size(&PySet_Type, size) && (size == 0 || shown(set_items(object)));
    }
    if (PyUnicode_Check(object)) return shown(out_.string(object));
    if (PyBytes_Check(object)) {
        return shown(out_.bytes(PyBytes_AS_STRING(object), PyBytes_GET_SIZE(object), false));
    }
    if (PyByteArray_Check(object)) return shown(bytearray(object));
    if (PyLong_Check(object)) return shown(out_.integer(object));
    if (PyFloat_Check(object)) return shown(out_.real(PyFloat_AS_DOUBLE(object)));
    if (PyComplex_Check(object)) return shown(out_.complex(object));
    bool told = false;
    const bool more = package_base(object, told);
    return told ? shown(more) : base_repr(object, first);
}

// Of a type written in C that nothing is known about, such as datetime.date: its own repr says what it holds.
template <typename Output>
bool ValueWalk<Output>::base_repr(PyObject* object, bool& first) {
    PyTypeObject* type = Py_TYPE(object);
    if (!is_program_class(type)) return true;
    while (type && is_program_class(type)) type = type->tp_base;
    // A class of Python code holds everything in its fields.
    if (!type || type->tp_repr == PyBaseObject_Type.tp_repr || !has_repr_in_c(type)) return true;
    const typename Output::Own own = out_.own_repr(object, type->tp_repr);
    if (own == Output::Own::kFailed) return true;
    first = false;
    return own == Output::Own::kShown;
}

template <typename Output>
bool ValueWalk<Output>::has_fields(PyObject* object) {
    Py_ssize_t position = 0;
    PyObject* name = nullptr;
    PyObject* item = nullptr;
    if (tm_next_field(object, &position, &name, &item)) return true;
    for (PyTypeObject* type = Py_TYPE(object); type; type = type->tp_base) {
        if (!python::for_each_own_slot(type, [](const PyMemberDef&) { return false; })) return true;
    }
    return false;
}

// `<list_iterator object #3>`, as object's own repr has it.
template <typename Output>
bool ValueWalk<Output>::nameless(PyObject* object) {
    PyTypeObject* type = Py_TYPE(object);
    if (!out_.word("<")) return false;
    if (type->tp_flags & Py_TPFLAGS_HEAPTYPE) {
        PyObject* module = module_name(type);
        if (module && PyUnicode_Check(module) && (!out_.text(module) || !out_.punctuation("."))) return false;
        if (!out_.text(qualified_name(type))) return false;
    } else if (!out_.word(type->tp_name)) {
        return false;
    }
    return out_.punctuation(" object") && out_.ordinal(object) && out_.punctuation(">");
}

// Where that fails, by what it holds: `<itemgetter of Key(n=1)>`. Only what holds nothing that can be read is not shown
// at all.
template <typename Output>
bool ValueWalk<Output>::by_own_repr(PyObject* object) {
    const Opened opened(open_, object);
    if (!opened) return closed(opened, object, "...");
    const typename Output::Own own = package_repr(object);
    if (own != Output::Own::kFailed) return own == Output::Own::kShown;
    PyTypeObject* type = Py_TYPE(object);
    if (!is_program_class(type)) {
        if (has_fields(object)) return structure(object, class_facts(type));
        std::vector<PyObject*> found;
        gather_referents(object, out_.room() / 3, found);
        if (!found.empty()) return referents(type, held(found));
    }
    return out_.word("<unreprable ") && out_.class_name(type) && out_.punctuation(">");
}

template <typename Output>
bool ValueWalk<Output>::referents(PyTypeObject* type, const std::vector<Held>& objects) {
    if (!out_.word("<") || !out_.class_name(type) || !out_.punctuation(" of ")) return false;
    bool first = true;
    for (const Held& object : objects) {
        if (!separator(first) || !value(object.get())) return false;
    }
    return out_.punctuation(">");
}

}  // namespace tracemill::trace
