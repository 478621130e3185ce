#include "trace/library_structure.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "python/ref.h"
#include "python/slots.h"
#include "trace/library_walk.h"

namespace tracemill::trace {
namespace {

using python::Owned;

// Where the slots of a class are that its instances have, base classes first.
struct Slots {
    static constexpr size_t kMost = 14;
    size_t count = 0;
    std::array<int32_t, kMost> offsets{};
};

// What a printer may ask for; remembered hashes and assumptions follow from the rest.
bool follows_from_others(std::string_view slot) { return slot == "_mhash" || slot.starts_with("_assumptions"); }

void add_slots(PyTypeObject* type, Slots& slots) {
    if (type->tp_base) add_slots(type->tp_base, slots);
    python::for_each_own_slot(type, [&](const PyMemberDef& member) {
        if (follows_from_others(member.name)) return true;
        if (slots.count < Slots::kMost) slots.offsets[slots.count] = static_cast<int32_t>(member.offset);
        ++slots.count;
        return true;
    });
}

// Remembered until somebody changes the class; a copy, since what is told next may take its place.
Slots slots_of(PyTypeObject* type) {
    struct Remembered {
        PyTypeObject* type = nullptr;  // only compared
        unsigned int version = 0;
        Slots slots;
    };
    static std::array<Remembered, 128> s_remembered;
    Remembered& place = s_remembered[(reinterpret_cast<uintptr_t>(type) >> 6) % s_remembered.size()];
    const unsigned int version = type->tp_version_tag;
    if (version != 0 && place.type == type && place.version == version) return place.slots;
    place = {type, version, {}};
    add_slots(type, place.slots);
    return place.slots;
}

// False also where there are more than have room here: then nothing is known.
bool tell_slots(PyObject* object, LibraryParts& parts) {
    const Slots slots = slots_of(Py_TYPE(object));
    if (slots.count > Slots::kMost) return false;
    for (size_t i = 0; i < slots.count; ++i) {
        PyObject* value = *reinterpret_cast<PyObject**>(reinterpret_cast<char*>(object) + slots.offsets[i]);
        if (value && !parts.value(value)) return false;
    }
    return true;
}

bool tell_items(PyObject* object, LibraryParts& parts) {
    if (PyDict_Check(object)) {
        return for_each_entry(object,
                              [&](PyObject* key, PyObject* value) { return parts.value(key) && parts.value(value); });
    }
    for (Py_ssize_t i = 0; PyList_Check(object) && i < PyList_GET_SIZE(object); ++i) {
        if (!parts.value(PyList_GET_ITEM(object, i))) return false;
    }
    for (Py_ssize_t i = 0; PyTuple_Check(object) && i < PyTuple_GET_SIZE(object); ++i) {
        if (!parts.value(PyTuple_GET_ITEM(object, i))) return false;
    }
    return true;
}

}  // namespace

bool tell_expression(PyObject* object, LibraryParts& parts) {
    const auto tell_field = [&](PyObject* name, PyObject* value) {
        // Classes and functions come with the class of the object.
        return PyType_Check(value) || PyCallable_Check(value) || (parts.value(name) && parts.value(value));
    };
    return tell_slots(object, parts) && for_each_field(object, tell_field) && tell_items(object, parts);
}

bool tell_held(PyObject* object, LibraryParts& parts) {
    const auto tell_field = [&](PyObject* name, PyObject* value) {
        return PyModule_Check(value) || (parts.value(name) && parts.value(value));
    };
    return tell_slots(object, parts) && for_each_field(object, tell_field) && tell_items(object, parts);
}

}  // namespace tracemill::trace
