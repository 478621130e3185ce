// What the warm interpreter holds and programs can reach and change: found once, by a walk from the loaded modules
// through everything that refers to something.
#pragma once

#include <vector>

#include "guard/dict_watch.h"
#include "python/ref.h"

namespace tracemill::guard {

struct LibraryHeap {
    struct Dict {
        python::Owned dict;
        PyTypeObject* type = nullptr;  // whose attributes it holds, if it is a class's; borrowed
        Looked looked = Looked::kAfterImports;
    };
    // functools.lru_cache: what it holds, and who holds it.
    struct Cache {
        python::Owned wrapper;
        python::Owned dict;
    };

    std::vector<Dict> dicts;  // of modules, classes, instances and others
    std::vector<Cache> caches;
    std::vector<python::Owned> lists;
    std::vector<python::Owned> sets;
    std::vector<python::Owned> types;      // that programs can assign to
    std::vector<python::Owned> functions;  // written in Python
    std::vector<python::Owned> cells;
    std::vector<python::Owned> slotted;    // instances with `__slots__`
    std::vector<python::Owned> reclassed;  // whatever programs can give another class
    std::vector<python::Owned> locks;      // of threads
    std::vector<python::Owned> counters;   // itertools.count
    std::vector<python::Owned> byte_arrays;
    std::vector<python::Owned> random_numbers;  // random.Random
    std::vector<python::Owned> shown;           // C objects that are known only by their repr
};

// Objects that are made here, such as instance dicts that did not exist yet, belong to what they were made for.
// Throws std::bad_alloc.
LibraryHeap walk_library();

}  // namespace tracemill::guard
