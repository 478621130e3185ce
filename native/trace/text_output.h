// What a walk over a value (value_walk.h) writes as text: equal to `repr` for exact built-in types.
#pragma once

#include <cstdint>
#include <string_view>

#include "python/object_ordinals.h"
#include "python/ref.h"
#include "trace/core.h"
#include "trace/text_builder.h"

namespace tracemill::trace {

class TextOutput {
  public:
    // What the walk looks at is held: a library's repr may run in between.
    using Held = python::Owned;
    static Held hold(PyObject* object) { return Held::share(object); }

    TextOutput(python::ObjectOrdinals& ordinals, tm_objects objects) : d_ordinals(ordinals), d_objects(objects) {}

    void reset(uint64_t max_chars) { d_out.reset(max_chars); }
    std::string_view view() const { return d_out.view(); }
    bool cut() const { return d_out.cut(); }
    uint64_t room() const { return d_out.room(); }

    // All: false = stop, the text is cut.

    // What holds nothing else; `known` false for other objects.
    bool atom(PyObject* object, bool& known);
    // What the walk's way determines, and what it does not.
    bool punctuation(std::string_view ascii) { return d_out.ascii(ascii); }
    bool word(std::string_view ascii) { return d_out.ascii(ascii); }
    // How many items follow.
    bool size(PyTypeObject*, Py_ssize_t) { return true; }
    bool text(PyObject* unicode);
    bool name(const char* utf8);
    bool class_name(PyTypeObject* type);
    bool string(PyObject* unicode);
    // `escapes_all`: single quotes between double ones too.
    bool bytes(const char* data, Py_ssize_t size, bool escapes_all);
    bool integer(PyObject* object);
    bool real(double value);
    bool complex(PyObject* object);
    bool array(PyObject* object);
    // ` #3`, in place of an address.
    bool ordinal(PyObject* object);

    enum class Own { kShown, kStop, kFailed };
    // The repr that the object's type gives; the program's own functions run only with --objects repr.
    Own own_repr(PyObject* object, reprfunc repr);

  private:
    bool array_item(char typecode, const char* data);
    bool large_integer(PyObject* object);
    bool without_addresses(PyObject* text, PyObject* object);

    python::ObjectOrdinals& d_ordinals;
    const tm_objects d_objects;
    TextBuilder d_out;
};

}  // namespace tracemill::trace
