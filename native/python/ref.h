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
    Owned(Owned&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    Owned& operator=(Owned&& other) noexcept {
        if (this != &other) {
            PyObject* old = std::exchange(object_, std::exchange(other.object_, nullptr));
            Py_XDECREF(old);
        }
        return *this;
    }
    ~Owned() { Py_XDECREF(object_); }

    PyObject* get() const { return object_; }
    PyObject* release() { return std::exchange(object_, nullptr); }
    explicit operator bool() const { return object_ != nullptr; }

  private:
    explicit Owned(PyObject* object) : object_(object) {}

    PyObject* object_ = nullptr;
};

}  // namespace tracemill::python
