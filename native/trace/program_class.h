// Instances of classes that the program defined, read without running any of its code.
#pragma once

#include <array>
#include <cstdint>

#include "python/compat.h"

namespace tracemill::trace {

// What stands under the name in the class itself, borrowed; NULL = nothing. The name is interned.
PyObject* class_attribute(PyTypeObject* type, PyObject* name);

// A class whose module is the program's, or which was made where there is none (exec() with a namespace of its own).
bool is_program_class(PyTypeObject* type);

// A member of an enumeration: its `_name_` (None for a flag without a name) and `_value_` (borrowed), else false.
bool enum_member(PyObject* object, PyObject** name, PyObject** value);
bool is_enum_class(PyTypeObject* type);

// A named tuple: the tuple of its field names (borrowed), else NULL.
PyObject* named_tuple_fields(PyObject* object);

// A class's `__qualname__` and `__module__`; the module is NULL for built-in classes. Both borrowed, of classes that
// Python code made; of others they are parts of tp_name.
PyObject* qualified_name(PyTypeObject* type);
PyObject* module_name(PyTypeObject* type);
bool is_builtins(PyObject* module);

// Whether the repr of this type's instances is a function in C, and not of a class of Python code.
bool has_repr_in_c(PyTypeObject* type);

// Threads name themselves after addresses and the kernel's numbers: whether that is in this field of one.
bool is_thread_number(PyObject* field);

// What a look at an instance asks of its class each time, remembered while the class stays as it is.
struct ClassFacts {
    bool is_program = false;
    bool is_enum = false;
    // All that an instance holds is in its attributes and slots: built on object, by Python code.
    bool is_plain = false;
    bool has_slots = false;
    bool is_thread = false;
    bool is_of_package = false;  // built on a class whose content is told by what it is: see library_value.h
};
// CPython gives every state of every class a number of its own, 0 = none yet.
struct KnownClass {
    PyTypeObject* type = nullptr;
    unsigned int version = 0;
    ClassFacts facts;
};
// Guarded by the GIL.
inline std::array<KnownClass, 256> s_known_classes;
ClassFacts look_at_class(PyTypeObject* type, KnownClass& known);

inline ClassFacts class_facts(PyTypeObject* type) {
    KnownClass& known = s_known_classes[(reinterpret_cast<uintptr_t>(type) >> 4) % s_known_classes.size()];
    const bool is_same = known.type == type && known.version == type->tp_version_tag && known.version != 0;
    return is_same ? known.facts : look_at_class(type, known);
}

// Classes of one program say nothing about those of the next.
void forget_class_facts();

}  // namespace tracemill::trace
