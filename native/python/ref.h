// An owned reference. Borrowed references stay plain pointers, named so where it matters.
#pragma once

#include <utility>

#include "python/compat.h"

namespace tracemill::python {

class Owned {
  public:
    Owned() = default;
    static Owned steal(PyObject* object) { return Owned(object); }
    static Owned share(PyObject* object) {
        Py_XINCREF(object);
        return Owned(object);
    }
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    Owned(Owned&& other) noexcept : d_object(std::exchange(other.d_object, nullptr)) {}
    Owned& operator=(Owned&& other) noexcept {
        if (this != &other) {
            PyObject* old = std::exchange(d_object, std::exchange(other.d_object, nullptr));
            Py_XDECREF(old);
        }
        return *this;
    }
    ~Owned() { Py_XDECREF(d_object); }

    PyObject* get() const { return d_object; }
    PyObject* release() { return std::exchange(d_object, nullptr); }
    explicit operator bool() const { return d_object != nullptr; }

  private:
    explicit Owned(PyObject* object) : d_object(object) {}

    PyObject* d_object = nullptr;
};

}  // namespace tracemill::python
