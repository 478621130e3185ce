// Of value_walk.h: types of the library that hold other objects, shown as their own repr shows them, and what names
// itself and an address.
#pragma once

#include "trace/gathered.h"
#include "trace/value_walk.h"

namespace tracemill::trace {

template <typename Output>
bool ValueWalk<Output>::library(PyObject* object, KnownType known) {
    PyTypeObject* type = Py_TYPE(object);
    switch (known) {
        case KnownType::kArray:
            return out_.array(object);
        case KnownType::kComplex:
            return out_.complex(object);
        case KnownType::kBuiltinFunction:
            return built_in_function(object);
        case KnownType::kFunction:
            return named("<function ", reinterpret_cast<PyFunctionObject*>(object)->func_qualname, object);
        case KnownType::kGenerator:
            return out_.word("<") && out_.word(type->tp_name) &&
                   named(" object ", reinterpret_cast<PyGenObject*>(object)->gi_qualname, object);
        default:
            break;
    }
    const Opened opened(open_, object);
    if (!opened) return closed(opened, object, known == KnownType::kDeque ? "[...]" : "...");
    const Held held = Output::hold(object);
    bool first = true;
    switch (known) {
        case KnownType::kDictView:
            return view(object);
        case KnownType::kMethod:
            return bound_method(object);
        case KnownType::kUserData: {
            PyObject* data = tm_field_named(object, "data");
            return data ? value(data) : nameless(object);
        }
        case KnownType::kPartial:
            return out_.word("functools.partial(") && library_content(object, known, first) && out_.punctuation(")");
        case KnownType::kNamespace:
            return out_.word("namespace(") && attributes(object, false, first) && out_.word(")");
        default:
            return out_.class_name(type) && out_.punctuation("(") && library_content(object, known, first) &&
                   out_.word(")");
    }
}

template <typename Output>
bool ValueWalk<Output>::library_content(PyObject* object, KnownType known, bool& first) {
    const auto shown = [&](bool more) {
        first = false;
        return more;
    };
    switch (known) {
        case KnownType::kArray:
            return shown(out_.array(object));
        case KnownType::kComplex:
            return shown(out_.complex(object));
        case KnownType::kCounter:
            return PyDict_GET_SIZE(object) == 0 || shown(entries(object, EntryOrder::kByCount, false));
        case KnownType::kOrderedDict:
            return PyDict_GET_SIZE(object) == 0 ||
                   shown(entries(object, EntryOrder::kDict, TM_ORDERED_DICT_SHOWS_PAIRS != 0));
        case KnownType::kDefaultDict:
            return shown(default_dict(object));
        case KnownType::kDeque:
            return shown(deque(object));
        case KnownType::kPartial:
            return shown(partial(object));
        case KnownType::kMappingProxy: {
            PyObject* mapping = first_referent(object);
            return !mapping || shown(value(mapping));
        }
        case KnownType::kRange: {
            PyObject* step = stored_member(object, "step");
            PyObject* const parts[] = {stored_member(object, "start"), stored_member(object, "stop"), step};
            const bool plain = step && PyLong_Check(step) && PyLong_AsLong(step) == 1;
            PyErr_Clear();
            for (PyObject* part : parts) {
                if (part && !(part == step && plain) && (!separator(first) || !value(part))) return false;
            }
            return true;
        }
        case KnownType::kSlice: {
            const auto* slice = reinterpret_cast<PySliceObject*>(object);
            for (PyObject* part : {slice->start, slice->stop, slice->step}) {
                if (!separator(first) || !value(part)) return false;
            }
            return true;
        }
        case KnownType::kChainMap: {
            PyObject* maps = Py_TYPE(object)->tp_flags & Py_TPFLAGS_HEAPTYPE ? tm_field_named(object, "maps") : nullptr;
            if (!maps || !PyList_CheckExact(maps) || is_program_class(Py_TYPE(object))) return true;
            return out_.size(nullptr, PyList_GET_SIZE(maps)) && shown(list_items(maps));
        }
        default:
            return true;
    }
}

template <typename Output>
bool ValueWalk<Output>::deque(PyObject* object) {
    std::vector<PyObject*> found;
    gather_items(object, out_.room() / 2, found);
    const std::vector<Held> items = held(found);
    if (!out_.size(nullptr, Py_SIZE(object)) || !out_.punctuation("[")) return false;
    bool first = true;
    for (const Held& item : items) {
        if (!separator(first) || !value(item.get())) return false;
    }
    PyObject* bound = stored_member(object, "maxlen");
    return out_.punctuation("]") &&
           (!bound || bound == Py_None || (out_.punctuation(", maxlen=") && out_.integer(bound)));
}

// In the order in which an OrderedDict or a Counter shows them.
template <typename Output>
bool ValueWalk<Output>::entries(PyObject* dict, EntryOrder order, bool as_pairs) {
    std::vector<PyObject*> found;
    gather_entries(dict, order, out_.room() / 4, found);
    const std::vector<Held> items = held(found);
    if (!out_.size(nullptr, PyDict_GET_SIZE(dict)) || !out_.punctuation(as_pairs ? "[" : "{")) return false;
    bool first = true;
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
        if (!separator(first) || (as_pairs && !out_.punctuation("(")) || !value(items[i].get())) return false;
        if (!out_.punctuation(as_pairs ? ", " : ": ") || !value(items[i + 1].get())) return false;
        if (as_pairs && !out_.punctuation(")")) return false;
    }
    return out_.punctuation(as_pairs ? "]" : "}");
}

template <typename Output>
bool ValueWalk<Output>::default_dict(PyObject* object) {
    PyObject* factory = stored_member(object, "default_factory");
    const Held held = Output::hold(factory ? factory : Py_None);
    return value(held.get()) && out_.punctuation(", ") && dict_items(object);
}

template <typename Output>
bool ValueWalk<Output>::partial(PyObject* object) {
    PyObject* function = stored_member(object, "func");
    PyObject* arguments = stored_member(object, "args");
    PyObject* keywords = stored_member(object, "keywords");
    const Held held_arguments = Output::hold(arguments ? arguments : Py_None);
    const Held held_keywords = Output::hold(keywords ? keywords : Py_None);
    if (!function || !value(function)) return false;
    if (PyTuple_Check(held_arguments.get()) && !out_.size(nullptr, PyTuple_GET_SIZE(arguments))) return false;
    bool first = false;
    for (Py_ssize_t i = 0; PyTuple_Check(held_arguments.get()) && i < PyTuple_GET_SIZE(arguments); ++i) {
        if (!separator(first) || !value(PyTuple_GET_ITEM(arguments, i))) return false;
    }
    if (!PyDict_Check(held_keywords.get())) return true;
    Py_ssize_t position = 0;
    PyObject* name = nullptr;
    PyObject* item = nullptr;
    if (!out_.size(nullptr, PyDict_GET_SIZE(keywords))) return false;
    while (PyDict_Next(keywords, &position, &name, &item)) {
        if (!field(name, item, first)) return false;
    }
    return true;
}

template <typename Output>
bool ValueWalk<Output>::view(PyObject* object) {
    PyTypeObject* type = Py_TYPE(object);
    PyObject* dict = first_referent(object);
    if (!dict || !PyDict_Check(dict)) return nameless(object);
    const Held held_dict = Output::hold(dict);
    const bool keys = type == &PyDictKeys_Type || type == &PyODictKeys_Type;
    const bool values = type == &PyDictValues_Type || type == &PyODictValues_Type;
    std::vector<PyObject*> found;
    gather_entries(dict, EntryOrder::kDict, out_.room() / 3, found);
    const std::vector<Held> items = held(found);
    if (!out_.word(type->tp_name) || !out_.size(nullptr, PyDict_GET_SIZE(dict)) || !out_.punctuation("([")) {
        return false;
    }
    bool first = true;
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
        if (!separator(first)) return false;
        if (keys || values) {
            if (!value(items[keys ? i : i + 1].get())) return false;
        } else if (!out_.punctuation("(") || !value(items[i].get()) || !out_.punctuation(", ") ||
                   !value(items[i + 1].get()) || !out_.punctuation(")")) {
            return false;
        }
    }
    return out_.punctuation("])");
}

template <typename Output>
bool ValueWalk<Output>::bound_method(PyObject* object) {
    PyObject* function = PyMethod_GET_FUNCTION(object);
    PyObject* self = PyMethod_GET_SELF(object);
    if (!out_.word("<bound method ")) return false;
    const bool more = PyFunction_Check(function)
                          ? out_.text(reinterpret_cast<PyFunctionObject*>(function)->func_qualname)
                          : value(function);
    return more && out_.punctuation(" of ") && value(self) && out_.punctuation(">");
}

// `<built-in function len>`, `<built-in method append of list object #2>`.
template <typename Output>
bool ValueWalk<Output>::built_in_function(PyObject* object) {
    const auto* function = reinterpret_cast<PyCFunctionObject*>(object);
    PyObject* self = function->m_self;
    const bool bound = self && !PyModule_Check(self);
    if (!out_.word(bound ? "<built-in method " : "<built-in function ") || !out_.name(function->m_ml->ml_name)) {
        return false;
    }
    if (!bound) return out_.punctuation(">");
    return out_.punctuation(" of ") && out_.name(Py_TYPE(self)->tp_name) && out_.punctuation(" object") &&
           out_.ordinal(self) && out_.punctuation(">");
}

template <typename Output>
bool ValueWalk<Output>::class_(PyTypeObject* type) {
    const bool heap = (type->tp_flags & Py_TPFLAGS_HEAPTYPE) != 0;
    if (is_enum_class(type) && heap) {
        return out_.word("<enum '") && out_.class_name(type) && out_.punctuation("'>");
    }
    if (!out_.word("<class '")) return false;
    if (!heap) return out_.name(type->tp_name) && out_.punctuation("'>");
    PyObject* module = module_name(type);
    const bool shows_module = module && PyUnicode_Check(module) && !is_builtins(module);
    if (shows_module && (!out_.text(module) || !out_.punctuation("."))) return false;
    return out_.text(qualified_name(type)) && out_.punctuation("'>");
}

// `<weakref #2; to 'Node' #1>`, or `<weakref #2; dead>`.
template <typename Output>
bool ValueWalk<Output>::weak_reference(PyObject* object) {
    PyObject* referent = weak_referent(object);
    if (!out_.word("<weakref") || !out_.ordinal(object)) return false;
    if (!referent) return out_.word("; dead>");
    const Held held = Output::hold(referent);
    return out_.word("; to '") && out_.class_name(Py_TYPE(referent)) && out_.punctuation("'") &&
           out_.ordinal(referent) && out_.punctuation(">");
}

template <typename Output>
bool ValueWalk<Output>::named(std::string_view kind, PyObject* name, PyObject* object) {
    const Held held = Output::hold(name ? name : Py_None);
    return out_.word(kind) && (!name || !PyUnicode_Check(name) || out_.text(name)) && out_.ordinal(object) &&
           out_.punctuation(">");
}

}  // namespace tracemill::trace
