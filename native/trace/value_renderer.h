// The text of a value: equal to `repr` for exact built-in types, which are rendered here without calling Python; from
// what they hold for instances of the program's classes; the type's own repr for the rest.
#pragma once

#include <cstdint>
#include <string_view>

#include "interface/core.h"
#include "python/object_ordinals.h"
#include "trace/open_objects.h"
#include "trace/text_output.h"

namespace tracemill::trace {

class ValueRenderer {
  public:
    ValueRenderer(python::ObjectOrdinals& ordinals, uint64_t max_chars, tm_objects objects)
        : max_chars_(max_chars), objects_(objects), out_(ordinals, objects) {}

    struct Text {
        std::string_view text;  // valid until the next render()
        bool cut = false;
        bool failed = false;   // text is a stand-in, `<unreprable T>`
        bool has_end = false;  // of what is cut: text has `...` in the middle
        bool literal = false;  // kValueLiteral in format/record.h
        bool arrays = false;   // kValueArrays
    };

    // Never leaves an exception set, but may run Python code (the repr of library types; with
    // --objects repr the program's), which may change anything that is not held.
    Text render(PyObject* object) { return render(object, max_chars_); }
    // Within another bound, 0 = none.
    Text render(PyObject* object, uint64_t max_chars);

    // See exception_message.h; valid until the next render().
    std::string_view message(PyObject* exception);

  private:
    const uint64_t max_chars_;
    const tm_objects objects_;
    TextOutput out_;
    OpenObjects open_;
};

}  // namespace tracemill::trace
