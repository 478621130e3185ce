// Types of Python's library that hold other objects, and so are shown from what they hold: their own repr would call
// those of the program's objects, and costs the whole container however little of it shows.
#pragma once

#include <cstdint>

#include "python/compat.h"

namespace tracemill::trace {

enum class KnownType : uint8_t {
    kNone,
    kArray,
    kBuiltinFunction,
    kChainMap,
    kComplex,
    kCounter,
    kDefaultDict,
    kDeque,
    kDictView,
    kFunction,
    kGenerator,
    kMappingProxy,
    kMethod,
    kNamespace,
    kOrderedDict,
    kPartial,
    kRange,
    kSlice,
    kUserData,
};

// Imports the types, before any program runs; they are kept for ever.
void know_types();

// Of exactly this type.
KnownType known_type(PyTypeObject* type);

// The first known type that this one is built on, other than itself.
KnownType known_base(PyTypeObject* type);

// An attribute that a type written in C stores in the object, which keeps it: borrowed. NULL when there is none.
PyObject* stored_member(PyObject* object, const char* name);

}  // namespace tracemill::trace
