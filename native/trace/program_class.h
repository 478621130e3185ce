// Instances of classes that the program defined, read without running any of its code.
#pragma once

#include "python/compat.h"
#include "python/slots.h"

namespace tracemill::trace {

// A class whose module is the program's.
bool is_program_class(PyTypeObject* type);

// An instance of a program's class that is not built on another built-in type than object, and no enumeration member:
// all that it holds is in its fields.
bool is_plain_instance(PyObject* object);

// A member of an enumeration: its `_name_` and `_value_` (borrowed), else false.
bool enum_member(PyObject* object, PyObject** name, PyObject** value);

// A named tuple: the tuple of its field names (borrowed), else NULL.
PyObject* named_tuple_fields(PyObject* object);

// The instance's `__dict__`, borrowed; NULL when it has none.
PyObject* instance_dict(PyObject* object);

// Visits slots (base classes first) and then the instance's `__dict__`: `visit(name, value)`, both borrowed, name NULL
// for a slot (slots of one class are always visited in the same order); stops when it answers false.
template <typename Visit>
void for_each_field(PyObject* object, Visit&& visit);

// A slot of `__slots__`: its name, and its place in the object.
struct SlotField {
    const char* name;
    PyObject* value;  // borrowed, NULL = unset
};

// Calls `visit(SlotField)` for every slot; false when stopped.
template <typename Visit>
bool for_each_slot(PyTypeObject* type, PyObject* object, Visit&& visit) {
    if (type->tp_base && !for_each_slot(type->tp_base, object, visit)) return false;
    if (!type->tp_members || !is_program_class(type)) return true;
    return python::for_each_own_slot(type, [&](const PyMemberDef& member) {
        return visit(
            SlotField{member.name, *reinterpret_cast<PyObject**>(reinterpret_cast<char*>(object) + member.offset)});
    });
}

template <typename Visit>
void for_each_field(PyObject* object, Visit&& visit) {
    const auto visit_slot = [&](const SlotField& slot) { return !slot.value || visit(nullptr, slot.value); };
    if (!for_each_slot(Py_TYPE(object), object, visit_slot)) return;
    PyObject* dict = instance_dict(object);
    Py_ssize_t position = 0;
    PyObject* name = nullptr;
    PyObject* value = nullptr;
    while (dict && PyDict_Next(dict, &position, &name, &value)) {
        if (!visit(name, value)) return;
    }
}

}  // namespace tracemill::trace
