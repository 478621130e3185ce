// The numbers of an array.array where they lie. Its own repr makes a list of them all, however little of it shows.
#pragma once

#include "python/compat.h"

namespace tracemill::trace {

// array.array; imported on first use, which is before any program runs; NULL when that failed.
PyTypeObject* array_type();

// While it lives the array cannot be resized, so none of the program's code may run.
class ArrayView {
  public:
    // An exact array.array.
    explicit ArrayView(PyObject* array);
    ~ArrayView();
    ArrayView(const ArrayView&) = delete;
    ArrayView& operator=(const ArrayView&) = delete;

    // 0 for what holds no numbers but text.
    char typecode() const { return typecode_; }
    Py_ssize_t size() const { return buffer_.len / buffer_.itemsize; }
    Py_ssize_t item_size() const { return buffer_.itemsize; }
    const char* data() const { return static_cast<const char*>(buffer_.buf); }

  private:
    Py_buffer buffer_{};
    char typecode_ = 0;
};

}  // namespace tracemill::trace
