// Notices what a tame program wrote to dicts of the library in a way that nobody thought of; it should never happen.
// From 3.12 CPython tells, of all of them. Before, versions of those that are exposed are compared after the program.
#pragma once

#include <cstdint>
#include <vector>

#include "admission/library.h"

namespace tracemill::admission {

class TripWire {
  public:
    // Once, in the warm interpreter; `exposed`: those of the dicts that a program could reach by a way nobody thought
    // of. False with an exception set.
    bool prepare(const Library& library, const std::vector<python::Owned>& exposed);

    // Around a tame program. disarm() answers whether something was written.
    void arm();
    bool disarm();

  private:
#if !TM_HAS_DICT_WATCHERS
    struct Watched {
        PyObject* dict;  // borrowed: the library's
        uint64_t version;
    };
    std::vector<Watched> watched_;
#endif
};

}  // namespace tracemill::admission
