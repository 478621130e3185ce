// Caches of the library whose keys are objects of programs: a later program's key could be compared with an earlier
// one's. Each program finds them empty.
#pragma once

#include <vector>

#include "admission/library.h"

namespace tracemill::admission {

class SharedCaches {
  public:
    // Once, in the warm interpreter, before it is walked. False with an exception set.
    bool prepare();
    // Those of functools.lru_cache as well.
    void add(std::vector<Library::Cache> caches);

    bool contains(PyObject* dict) const;

    // False: an exception was set, which is cleared, and something may be left.
    bool empty() const;

  private:
    std::vector<python::Owned> dicts_;
    std::vector<Library::Cache> caches_;
    python::Owned clear_;          // of functools.lru_cache
    python::Owned clear_formats_;  // of struct
};

}  // namespace tracemill::admission
