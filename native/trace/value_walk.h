// What shows of a value, and in what order: the one description that its text (text_output.h) and its fingerprint
// (fingerprint.cc) follow, so that nothing can show that the fingerprint does not cover. Runs none of the program's
// code.
#pragma once

#include <string_view>
#include <vector>

#include "interface/core.h"
#include "python/instance_fields.h"
#include "python/set_items.h"
#include "trace/gathered.h"
#include "trace/known_types.h"
#include "trace/library_value.h"
#include "trace/open_objects.h"
#include "trace/program_class.h"
#include "trace/python_text.h"

namespace tracemill::trace {

template <typename Output>
class ValueWalk {
  public:
    ValueWalk(Output& out, OpenObjects& open, tm_objects objects) : out_(out), open_(open), objects_(objects) {}

    // False = stop, no more of it shows. Inline: most of what containers hold is no container.
    [[gnu::always_inline]] inline bool value(PyObject* object) {
        if (Py_TYPE(object) == &PyList_Type) return list(object);
        bool known = false;
        const bool more = out_.atom(object, known);
        return known ? more : other(object);
    }

    // The arguments of an exception, between commas.
    bool arguments(PyObject* exception) { return tuple_items(exception_args(exception)); }

  private:
    using Held = typename Output::Held;

    bool other(PyObject* object);
    bool of_program(PyObject* object) {
        out_.no_literal();
        return objects_ == TM_OBJECTS_FIELDS ? fields(object) : by_own_repr(object);
    }
    bool list(PyObject* object);
    [[gnu::always_inline]] inline bool list_but_last(PyObject* object, PyObject*& last);
    bool list_items(PyObject* object);
    bool tuple(PyObject* object);
    bool tuple_items(PyObject* object);
    bool dict(PyObject* object);
    bool dict_items(PyObject* object);
    bool set(PyObject* object);
    bool set_items(PyObject* object);
    bool bytearray(PyObject* object);

    // value_walk_library.h: types of the library that hold other objects.
    bool library(PyObject* object, KnownType known);
    // What an instance of such a type holds, as it stands between the brackets; `first` false once there is something.
    bool library_content(PyObject* object, KnownType known, bool& first);
    bool deque(PyObject* object);
    bool entries(PyObject* dict, EntryOrder order, bool as_pairs);
    bool default_dict(PyObject* object);
    bool partial(PyObject* object);
    bool view(PyObject* object);
    bool bound_method(PyObject* object);
    bool built_in_function(PyObject* object);
    bool class_(PyTypeObject* type);
    bool weak_reference(PyObject* object);
    bool named(std::string_view kind, PyObject* name, PyObject* object);

    // value_walk_fields.h: instances by what they hold.
    bool fields(PyObject* object);
    bool enumeration(PyObject* name, PyObject* value, PyTypeObject* type);
    bool field(PyObject* name, PyObject* value, bool& first);
    bool slots(PyTypeObject* type, PyObject* object, bool& first);
    [[gnu::always_inline]] inline bool attributes(PyObject* object, bool is_thread, bool& first);
    [[gnu::always_inline]] inline bool inline_attributes(PyTypeObject* type, const tm_field* fields, int count,
                                                         bool& first);
    bool base_content(PyObject* object, bool& first);
    bool base_repr(PyObject* object, bool& first);
    bool has_fields(PyObject* object);
    bool nameless(PyObject* object);
    [[gnu::always_inline]] inline bool structure(PyObject* object, const ClassFacts& facts);
    bool by_own_repr(PyObject* object);
    bool referents(PyTypeObject* type, const std::vector<Held>& objects);

    // value_walk_packages.h: values of third-party packages.
    class Parts;
    bool package_value(PyObject* object, bool& known);
    bool package_base(PyObject* object, bool& known);
    typename Output::Own package_repr(PyObject* object);

    static PyObject* exception_args(PyObject* exception) {
        return reinterpret_cast<PyBaseExceptionObject*>(exception)->args;
    }
    static std::vector<Held> held(const std::vector<PyObject*>& objects) {
        std::vector<Held> all;
        all.reserve(objects.size());
        for (PyObject* object : objects) all.push_back(Output::hold(object));
        return all;
    }
    bool separator(bool& first) {
        const bool more = first || out_.punctuation(", ");
        first = false;
        return more;
    }
    // In place of a container that is being shown further out, or of what lies too deep.
    bool closed(const Opened& opened, PyObject* object, std::string_view cycle) {
        return closed(opened.entry(), object, cycle);
    }
    bool closed(OpenObjects::Entry entry, PyObject* object, std::string_view cycle) {
        out_.no_literal();
        if (entry == OpenObjects::Entry::kCycle) return out_.word(cycle);
        out_.too_deep();
        return out_.word("<deep ") && out_.class_name(Py_TYPE(object)) && out_.punctuation(">");
    }

    Output& out_;
    OpenObjects& open_;
    const tm_objects objects_;
};

template <typename Output>
bool ValueWalk<Output>::other(PyObject* object) {
    PyTypeObject* type = Py_TYPE(object);
    constexpr unsigned long kOfClass = Py_TPFLAGS_HEAPTYPE | Py_TPFLAGS_TYPE_SUBCLASS;
    const bool is_instance = (type->tp_flags & kOfClass) == Py_TPFLAGS_HEAPTYPE;
    const ClassFacts facts = is_instance ? class_facts(type) : ClassFacts();
    const bool by_content = facts.is_of_package && objects_ == TM_OBJECTS_FIELDS;
    if (facts.is_program && !by_content) return of_program(object);
    if (type == &PyTuple_Type) return tuple(object);
    if (type == &PyDict_Type) return dict(object);
    if (type == &PySet_Type || type == &PyFrozenSet_Type) return set(object);
    if (type == &PyComplex_Type) return out_.complex(object);
    out_.no_literal(object);
    if (type == &PyByteArray_Type) return bytearray(object);
    if (PyType_Check(object)) return class_(reinterpret_cast<PyTypeObject*>(object));
    const KnownType known = known_type(type);
    if (known != KnownType::kNone) return library(object, known);
    if (PyExceptionInstance_Check(object)) return fields(object);
    if (PyWeakref_Check(object)) return weak_reference(object);
    if (objects_ == TM_OBJECTS_FIELDS && !shows_by_repr_only(type)) {
        bool told = false;
        const bool more = package_value(object, told);
        if (told) return more;
    }
    if (facts.is_program) return fields(object);
    if (type->tp_repr == PyBaseObject_Type.tp_repr) return has_fields(object) ? fields(object) : nameless(object);
    return by_own_repr(object);
}

// A list that ends with a list goes on in it without another call: returning from many calls within one another is
// slow.
template <typename Output>
bool ValueWalk<Output>::list(PyObject* object) {
    const size_t outside = open_.depth();
    bool more = true;
    for (PyObject* next = object; more && next;) {
        const OpenObjects::Entry entry = open_.enter(next);
        if (entry != OpenObjects::Entry::kEntered) {
            more = closed(entry, next, "[...]");
            break;
        }
        if constexpr (Output::kRunsCode) Py_INCREF(next);
        more = out_.size(&PyList_Type, PyList_GET_SIZE(next)) && out_.punctuation("[") && list_but_last(next, next);
    }
    while (open_.depth() > outside) {
        more = more && out_.punctuation("]");
        PyObject* left = open_.leave();
        if constexpr (Output::kRunsCode) Py_DECREF(left);
    }
    return more;
}

// All items; of a list as the last one only what stands before it, and `last` is that, NULL otherwise.
template <typename Output>
bool ValueWalk<Output>::list_but_last(PyObject* object, PyObject*& last) {
    last = nullptr;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(object); ++i) {
        if (i != 0 && !out_.punctuation(", ")) return false;
        PyObject* item = PyList_GET_ITEM(object, i);
        if (i + 1 == PyList_GET_SIZE(object) && Py_TYPE(item) == &PyList_Type) {
            last = item;
            return true;
        }
        const Held held = Output::hold(item);
        if (!value(held.get())) return false;
    }
    return true;
}

template <typename Output>
bool ValueWalk<Output>::list_items(PyObject* object) {
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(object); ++i) {
        const Held item = Output::hold(PyList_GET_ITEM(object, i));
        if ((i != 0 && !out_.punctuation(", ")) || !value(item.get())) return false;
    }
    return true;
}

template <typename Output>
bool ValueWalk<Output>::tuple(PyObject* object) {
    const Opened opened(open_, object);
    if (!opened) return closed(opened, object, "(...)");
    const Py_ssize_t size = PyTuple_GET_SIZE(object);
    return out_.size(&PyTuple_Type, size) && out_.punctuation("(") && tuple_items(object) &&
           out_.punctuation(size == 1 ? ",)" : ")");
}

template <typename Output>
bool ValueWalk<Output>::tuple_items(PyObject* object) {
    const Held held = Output::hold(object);
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(object); ++i) {
        if ((i != 0 && !out_.punctuation(", ")) || !value(PyTuple_GET_ITEM(object, i))) return false;
    }
    return true;
}

template <typename Output>
bool ValueWalk<Output>::dict(PyObject* object) {
    const Opened opened(open_, object);
    if (!opened) return closed(opened, object, "{...}");
    return dict_items(object);
}

template <typename Output>
bool ValueWalk<Output>::dict_items(PyObject* object) {
    if (!out_.size(&PyDict_Type, PyDict_GET_SIZE(object)) || !out_.punctuation("{")) return false;
    Py_ssize_t position = 0;
    PyObject* key = nullptr;
    PyObject* item = nullptr;
    for (bool first = true; PyDict_Next(object, &position, &key, &item);) {
        const Held held_key = Output::hold(key);
        const Held held_item = Output::hold(item);
        if (!separator(first) || !value(key) || !out_.punctuation(": ") || !value(item)) return false;
    }
    return out_.punctuation("}");
}

template <typename Output>
bool ValueWalk<Output>::set(PyObject* object) {
    const bool frozen = Py_TYPE(object) == &PyFrozenSet_Type;
    if (PySet_GET_SIZE(object) == 0) return out_.word(frozen ? "frozenset()" : "set()");
    const Opened opened(open_, object);
    if (!opened) return closed(opened, object, frozen ? "frozenset(...)" : "set(...)");
    if (!out_.size(Py_TYPE(object), PySet_GET_SIZE(object))) return false;
    if (!frozen) return set_items(object);
    return out_.punctuation("frozenset(") && set_items(object) && out_.punctuation(")");
}

template <typename Output>
bool ValueWalk<Output>::set_items(PyObject* object) {
    if (!out_.punctuation("{")) return false;
    Py_ssize_t position = 0;
    PyObject* item = nullptr;
    for (bool first = true; tm_next_set_item(object, &position, &item);) {
        const Held held = Output::hold(item);
        if (!separator(first) || !value(item)) return false;
    }
    return out_.punctuation("}");
}

template <typename Output>
bool ValueWalk<Output>::bytearray(PyObject* object) {
    return out_.word("bytearray(") &&
           out_.bytes(PyByteArray_AS_STRING(object), PyByteArray_GET_SIZE(object), bytearray_escapes_all()) &&
           out_.punctuation(")");
}

}  // namespace tracemill::trace

#include "trace/value_walk_fields.h"
#include "trace/value_walk_library.h"
#include "trace/value_walk_packages.h"
