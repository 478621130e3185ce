#include "admission/barriers.h"

#include <algorithm>

#include "admission/class_barrier.h"

namespace tracemill::admission {
namespace {

// Slots have no context of their own.
bool s_armed = false;
Barriers::Stop s_stop = nullptr;
std::unordered_set<PyObject*> s_types;    // of the library
std::unordered_set<PyObject*> s_objects;  // functions, properties and exposed instances of the library
setattrofunc s_set_of_types = nullptr;
initproc s_initialise_property = nullptr;

bool is_librarys_type(PyObject* type) {
    return reinterpret_cast<PyTypeObject*>(type)->tp_flags & Py_TPFLAGS_IMMUTABLETYPE || s_types.contains(type);
}

// Whether a tame program meets a barrier here.
bool stops(bool is_librarys) {
    if (!s_armed || !is_librarys) return false;
    s_stop();
    return true;
}

int set_of_type(PyObject* type, PyObject* name, PyObject* value) {
    return stops(is_librarys_type(type)) ? -1 : s_set_of_types(type, name, value);
}

int set_of_object(PyObject* object, PyObject* name, PyObject* value) {
    return stops(s_objects.contains(object)) ? -1 : PyObject_GenericSetAttr(object, name, value);
}

// The program's own module it cannot get hold of.
int set_of_module(PyObject* module, PyObject* name, PyObject* value) {
    return stops(true) ? -1 : PyObject_GenericSetAttr(module, name, value);
}

int initialise_property(PyObject* property, PyObject* arguments, PyObject* keywords) {
    return stops(s_objects.contains(property)) ? -1 : s_initialise_property(property, arguments, keywords);
}

template <typename Function>
void* address(Function* function) {
    return reinterpret_cast<void*>(function);
}

template <typename Function>
void** place(Function& slot) {
    return reinterpret_cast<void**>(&slot);
}

}  // namespace

// What `x.__init__` and such find lies beside the slot.
bool Barriers::add_wrapper(PyTypeObject* type, const char* name, void* barrier) {
    const auto descriptor = python::Owned::steal(PyObject_GetAttrString(reinterpret_cast<PyObject*>(type), name));
    PyErr_Clear();
    if (!descriptor || Py_TYPE(descriptor.get()) != &PyWrapperDescr_Type) return false;
    add(&reinterpret_cast<PyWrapperDescrObject*>(descriptor.get())->d_wrapped, barrier, type);
    return true;
}

std::string Barriers::prepare(const Library& library, const Exposed& exposed, const NameTable& names, Stop stop) {
    s_stop = stop;
    s_objects = library.objects;
    s_set_of_types = PyType_Type.tp_setattro;
    s_initialise_property = PyProperty_Type.tp_init;
    std::vector<PyTypeObject*> all{&PyType_Type, &PyProperty_Type};
    for (const python::Owned& type : library.types) {
        s_types.insert(type.get());
        all.push_back(reinterpret_cast<PyTypeObject*>(type.get()));
    }
    for (const python::Owned& type : exposed.types) {
        if (s_types.contains(type.get())) frozen_.push_back(reinterpret_cast<PyTypeObject*>(type.get()));
    }
    const newfunc make_class = PyType_Type.tp_new;
    for (PyTypeObject* type : all) {
        // Those with an own `__setattr__` end up here as well.
        if (type->tp_setattro == s_set_of_types) add(place(type->tp_setattro), address(set_of_type), type);
        if (type->tp_init == s_initialise_property) add(place(type->tp_init), address(initialise_property), type);
        if (type->tp_new == make_class) add(place(type->tp_new), class_barrier(), type);
    }
    add(place(PyFunction_Type.tp_setattro), address(set_of_object), &PyFunction_Type);
    add(place(PyModule_Type.tp_setattro), address(set_of_module), &PyModule_Type);
    std::unordered_set<PyTypeObject*> instances;
    for (const python::Owned& instance : exposed.instances) {
        PyTypeObject* type = Py_TYPE(instance.get());
        const bool librarys = s_types.contains(reinterpret_cast<PyObject*>(type));
        if (librarys && type->tp_setattro == PyObject_GenericSetAttr && instances.insert(type).second)
            add(place(type->tp_setattro), address(set_of_object), type);
    }
    const bool complete = add_wrapper(&PyType_Type, "__setattr__", address(set_of_type)) &&
                          add_wrapper(&PyType_Type, "__delattr__", address(set_of_type)) &&
                          add_wrapper(&PyProperty_Type, "__init__", address(initialise_property));
    prepare_class_barrier(make_class, names, is_librarys_type, [] { return stops(true); });
    return complete ? std::string() : "this Python sets attributes in another way";
}

void Barriers::freeze(bool frozen) const {
    for (PyTypeObject* type : frozen_) {
        if (frozen) {
            type->tp_flags |= Py_TPFLAGS_IMMUTABLETYPE;
        } else {
            type->tp_flags &= ~Py_TPFLAGS_IMMUTABLETYPE;
        }
    }
}

void Barriers::put_up(bool up) {
    if (up_ == up) return;
    up_ = up;
    for (const Slot& slot : slots_) {
        *slot.at = up ? slot.barrier : slot.original;
        // Specialised instructions know the slot by the type's version.
        if (up) PyType_Modified(slot.type);
    }
    freeze(up);
}

void Barriers::arm(PyObject* globals) {
    put_up(true);
    guard_classes_of(globals);
    s_armed = true;
}

void Barriers::disarm() {
    s_armed = false;
    guard_classes_of(nullptr);
}

void Barriers::remove() { put_up(false); }

}  // namespace tracemill::admission
