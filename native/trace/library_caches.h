// What SymPy's printers compute on their way goes through caches, which a program can ask how often they were asked
// (`cache_info()`). While this lives they neither answer nor keep anything nor count.
#pragma once

#include <cstdint>
#include <vector>

#include "python/ref.h"

namespace tracemill::trace {

class CachePause {
  public:
    // Of the caches that printing an object of this type may ask; none for other packages.
    explicit CachePause(PyTypeObject* type);
    ~CachePause();
    CachePause(const CachePause&) = delete;
    CachePause& operator=(const CachePause&) = delete;

  private:
    struct Paused {
        python::Owned cache;
        void* call;
        Py_ssize_t misses;
    };
    void pause(PyObject* cache);

    std::vector<Paused> paused_;
};

}  // namespace tracemill::trace
