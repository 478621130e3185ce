// Ordinals for objects, in order of first appearance, in place of addresses.
//
// An ordinal must mean one object although addresses are used again. So an object with an ordinal is watched: a list,
// dict, set or bytearray bound to a recorded name is kept alive until the name's frame is seen with another value (as
// settrace's own f_locals snapshot does); any other object is watched by a weak reference where its type has room for
// one and is otherwise kept until the run ends.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "python/compat.h"

namespace tracemill::trace {

class Identity {
  public:
    Identity() = default;
    Identity(const Identity&) = delete;
    Identity& operator=(const Identity&) = delete;

    // A built-in container bound to a name; each hold() is paired with one release(), which may end the object's life
    // and so run the program's code.
    uint64_t hold(PyObject* container);
    void release(PyObject* container);

    // Any other object.
    uint64_t of(PyObject* object);

    // An address found in text; the object behind it is not ours to touch.
    uint64_t of_address(const void* address);

    // 0 when the object has no ordinal.
    uint64_t find(PyObject* object) const;

    // Forgets everything; objects kept alive may die here.
    void clear();

  private:
    struct Entry {
        uint64_t ordinal = 0;
        uint32_t holds = 0;
        bool watched = false;
    };

    static PyObject* object_died(PyObject* self, PyObject* weak_reference);
    bool watch(PyObject* object);

    std::unordered_map<const void*, Entry> d_entries;
    std::unordered_map<PyObject*, const void*> d_weak;  // owned weak reference -> address
    std::vector<PyObject*> d_kept;                      // owned
    PyObject* d_callback = nullptr;                     // owned; knows this object through a capsule
    uint64_t d_next = 1;
};

}  // namespace tracemill::trace
