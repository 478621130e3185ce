// What the warm interpreter holds before any program runs: found once, by a walk from the loaded modules through
// everything that refers to something.
#pragma once

#include <unordered_set>
#include <vector>

#include "python/ref.h"

namespace tracemill::admission {

struct Library {
    std::vector<python::Owned> types;  // that programs can assign to
    std::vector<python::Owned> dicts;  // of modules, classes, instances and others
    // functools.lru_cache: the function that asks it, and what it holds.
    struct Cache {
        python::Owned function;
        python::Owned dict;
    };
    std::vector<Cache> caches;
    // Functions written in Python, and instances: borrowed, but nothing of the library dies that is named anywhere.
    std::unordered_set<PyObject*> objects;
};

// Dicts of instances that did not exist yet are made. Throws std::bad_alloc.
Library find_library();

}  // namespace tracemill::admission
