// The text of a value: equal to `repr` for exact built-in types, which are rendered here without calling Python; from
// the fields for instances of the program's classes; the type's own repr for the rest.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "python/object_ordinals.h"
#include "trace/core.h"
#include "trace/text_builder.h"

namespace tracemill::trace {

class ValueRenderer {
  public:
    ValueRenderer(python::ObjectOrdinals& ordinals, uint64_t max_chars, tm_objects objects)
        : d_ordinals(ordinals), d_max_chars(max_chars), d_objects(objects) {}

    struct Text {
        std::string_view text;  // valid until the next render()
        bool cut = false;
        bool failed = false;  // text is a stand-in, `<unreprable T>`
    };

    // Never leaves an exception set, but may run Python code (the repr of library types; with --objects repr the
    // program's), which may change anything that is not held.
    Text render(PyObject* object);

  private:
    // All: false = stop; either the text is cut or d_failed is set.
    bool value(PyObject* object);
    bool exact_builtin(PyObject* object, bool& known);
    bool text_literal(PyObject* unicode);
    // `escapes_all`: single quotes between double ones too.
    bool bytes_literal(const char* data, Py_ssize_t size, bool escapes_all);
    bool integer(PyObject* object);
    bool real(double value);
    bool list(PyObject* object);
    bool tuple(PyObject* object);
    bool array(PyObject* object);
    bool array_item(char typecode, const char* data);
    bool dict(PyObject* object);
    bool deque(PyObject* object);
    bool default_dict(PyObject* object);
    bool set(PyObject* object, const char* open, const char* close);
    bool items_of_set(PyObject* object);
    bool fields(PyObject* object);
    bool field(PyObject* name, const char* slot_name, PyObject* value, bool& first);
    bool base_value(PyObject* object);
    bool own_repr(PyObject* object);
    bool scrubbed(PyObject* text, PyObject* object);
    bool fail();

    // Marks the object as being rendered; false when it already is (a cycle).
    bool enter(PyObject* object);
    void leave() { d_open.pop_back(); }

    python::ObjectOrdinals& d_ordinals;
    const uint64_t d_max_chars;
    const tm_objects d_objects;
    TextBuilder d_out;
    std::vector<PyObject*> d_open;  // borrowed: containers being rendered, outermost first
    bool d_failed = false;
    std::string d_stand_in;
};

}  // namespace tracemill::trace
