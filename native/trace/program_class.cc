#include "trace/program_class.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "python/instance_fields.h"
#include "python/slots.h"
#include "trace/known_types.h"
#include "trace/library_class.h"
#include "trace/python_text.h"
#include "trace/slot_order.h"

namespace tracemill::trace {
namespace {

// Interned once, so that looking up a name neither allocates nor fails.
PyObject* interned(const char* text) { return PyUnicode_InternFromString(text); }

bool is(PyObject* text, const char* ascii) {
    return PyUnicode_CheckExact(text) && PyUnicode_CompareWithASCIIString(text, ascii) == 0;
}

// Some types written in C are made like classes of Python code.
bool is_built_on_c(PyTypeObject* type) {
    for (; type && (type->tp_flags & Py_TPFLAGS_HEAPTYPE); type = type->tp_base) {
        if (!is_program_class(type) && has_repr_in_c(type) && type->tp_repr != PyBaseObject_Type.tp_repr) return true;
    }
    return false;
}

bool s_knows_classes = false;

bool is_threading_thread(PyTypeObject* type) {
    return type_name(type) == "Thread" && module_name(type) && is(module_name(type), "threading");
}

ClassFacts facts_of(PyTypeObject* type) {
    ClassFacts facts;
    facts.is_program = is_program_class(type);
    facts.is_enum = is_enum_class(type);
    PyTypeObject* base = type;
    for (; base && (base->tp_flags & Py_TPFLAGS_HEAPTYPE); base = base->tp_base) {
        if (is_threading_thread(base)) facts.is_thread = true;
        if (!python::for_each_own_slot(base, [](const PyMemberDef&) { return false; })) facts.has_slots = true;
    }
    facts.is_plain = base == &PyBaseObject_Type && facts.is_program && !facts.is_enum &&
                     known_base(type) == KnownType::kNone && !is_built_on_c(type);
    facts.is_of_package = facts.is_program && has_content_of_package(type);
    return facts;
}

}  // namespace

PyObject* class_attribute(PyTypeObject* type, PyObject* name) {
    PyObject* attributes = tm_type_attributes(type);
    return attributes && PyDict_Check(attributes) ? PyDict_GetItemWithError(attributes, name) : nullptr;
}

bool is_program_class(PyTypeObject* type) {
    if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE)) return false;
    PyObject* module = module_name(type);
    if (!module) return false;
    if (!PyUnicode_CheckExact(module)) return true;
    // ExceptionGroup is the one of the interpreter's own that is made like this.
    return is(module, "__main__") ||
           (is_builtins(module) && !PyExceptionClass_Check(reinterpret_cast<PyObject*>(type)));
}

PyObject* module_name(PyTypeObject* type) {
    static PyObject* const kModule = interned("__module__");
    return type->tp_flags & Py_TPFLAGS_HEAPTYPE ? class_attribute(type, kModule) : nullptr;
}

bool is_builtins(PyObject* module) { return PyUnicode_CompareWithASCIIString(module, "builtins") == 0; }

bool has_repr_in_c(PyTypeObject* type) {
    static PyObject* const kRepr = interned("__repr__");
    for (; type; type = type->tp_base) {
        PyObject* repr = class_attribute(type, kRepr);
        if (repr) return Py_TYPE(repr) == &PyWrapperDescr_Type;
    }
    return false;
}

PyObject* qualified_name(PyTypeObject* type) { return reinterpret_cast<PyHeapTypeObject*>(type)->ht_qualname; }

bool is_enum_class(PyTypeObject* type) {
    for (PyTypeObject* metaclass = Py_TYPE(type); metaclass; metaclass = metaclass->tp_base) {
        const char* name = metaclass->tp_name;
        if (std::strcmp(name, "EnumType") == 0 || std::strcmp(name, "EnumMeta") == 0) return true;
    }
    return false;
}

bool enum_member(PyObject* object, PyObject** name, PyObject** value) {
    if (!is_enum_class(Py_TYPE(object))) return false;
    *name = tm_field_named(object, "_name_");
    *value = tm_field_named(object, "_value_");
    return *name && *value && (PyUnicode_Check(*name) || *name == Py_None);
}

PyObject* named_tuple_fields(PyObject* object) {
    static PyObject* const kFields = interned("_fields");
    if (!PyTuple_Check(object)) return nullptr;
    for (PyTypeObject* type = Py_TYPE(object); type->tp_flags & Py_TPFLAGS_HEAPTYPE; type = type->tp_base) {
        PyObject* fields = class_attribute(type, kFields);
        if (!fields) continue;
        if (!PyTuple_CheckExact(fields) || PyTuple_GET_SIZE(fields) != PyTuple_GET_SIZE(object)) return nullptr;
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(fields); ++i) {
            if (!PyUnicode_CheckExact(PyTuple_GET_ITEM(fields, i))) return nullptr;
        }
        return fields;
    }
    return nullptr;
}

bool is_thread_number(PyObject* field) {
    constexpr const char* kNumbers[] = {"_ident", "_native_id", "_handle", "_tstate_lock"};
    return std::any_of(std::begin(kNumbers), std::end(kNumbers), [&](const char* name) { return is(field, name); });
}

ClassFacts look_at_class(PyTypeObject* type, KnownClass& known) {
    const unsigned int version = type->tp_version_tag;
    known = {type, version, facts_of(type)};
    s_knows_classes = true;
    return known.facts;
}

void forget_class_facts() {
    if (s_knows_classes) s_known_classes = {};
    s_knows_classes = false;
    forget_slot_orders();
}

}  // namespace tracemill::trace
