// The objects of one standard stream: text layer, buffer and raw file, as CPython makes them for the process that it
// starts in. To make them takes longer than many programs, so they are made anew only where the program did more with
// them than read or write, or may still have them.
#pragma once

#include <array>
#include <string>

#include "python/ref.h"

namespace tracemill::trace {

class StreamLayers {
  public:
    enum class Use : uint8_t {
        kNone,      // as remembered
        kCounters,  // positions and switches differ
        kOther
    };

    // Once: fresh ones of stream 0 to 2 over an open descriptor. False with an exception set.
    bool make(int stream, int descriptor);

    PyObject* text() const { return parts_[kText].object.get(); }
    PyObject* buffer() const { return parts_[kBuffer].object.get(); }

    // As they are now is how every program finds them.
    void remember();
    bool is_remembered() const { return !parts_[kText].bytes.empty(); }
    Use use() const;
    // After Use::kCounters with nothing left in the buffers: as remembered.
    void reset();

    // What is in the layers goes into the file as far as it can; what cannot is dropped as when they die.
    void flush() const;
    // Whatever still is in the layers will not reach the file, and whoever has them finds them closed.
    void abandon() const;

  private:
    enum Name { kText, kBuffer, kRaw };

    struct Part {
        python::Owned object;
        std::string bytes;  // of the C object
        python::Owned attribute_name;
        python::Owned attribute;
        Py_ssize_t dict_references = 0;

        void remember();
        Use use() const;
        bool has_its_attribute() const;
    };

    std::array<Part, 3> parts_;
};

// As CPython asks before it flushes at exit: not closed as far as anybody can tell.
bool may_be_flushed(PyObject* file);

}  // namespace tracemill::trace
