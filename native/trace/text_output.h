// What a walk over a value (value_walk.h) writes as text: equal to `repr` for exact built-in types.
#pragma once

#include <cstdint>
#include <string_view>

#include "interface/core.h"
#include "python/object_ordinals.h"
#include "python/ref.h"
#include "trace/library_array_text.h"
#include "trace/library_value.h"
#include "trace/text_builder.h"

namespace tracemill::trace {

// A float, and an item of an array with this typecode, as repr writes it.
bool append_real(TextBuilder& out, double value);
bool append_array_item(TextBuilder& out, char typecode, const char* data);

class TextOutput {
  public:
    // What the walk looks at is held: a library's repr may run in between.
    static constexpr bool kRunsCode = true;
    using Held = python::Owned;
    static Held hold(PyObject* object) { return Held::share(object); }

    TextOutput(python::ObjectOrdinals& ordinals, tm_objects objects) : ordinals_(ordinals), objects_(objects) {}

    void reset(uint64_t max_chars) {
        out_.reset(max_chars);
        max_chars_ = max_chars;
        holds_ = Holds();
    }
    std::string_view view() const { return out_.view(); }
    bool cut() const { return out_.cut(); }
    uint64_t room() const { return out_.room(); }
    // Of the whole text, 0 = unbounded.
    uint64_t max_chars() const { return max_chars_; }

    // All: false = stop, the text is cut.

    // What holds nothing else; `known` false for other objects.
    bool atom(PyObject* object, bool& known);
    // What the walk's way determines, and what it does not.
    [[gnu::always_inline]] inline bool punctuation(std::string_view ascii) {
        return ascii.size() == 1 ? out_.ascii(ascii.front()) : out_.ascii(ascii);
    }
    bool word(std::string_view ascii) { return out_.ascii(ascii); }
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
    // Of NumPy's.
    bool library_array(const ArrayLayout& layout, const LibraryParts::ArrayForm& form, LibraryParts& parts) {
        return write_array(layout, form, parts);
    }
    bool made_items(const LibraryParts::MadeItems& items, LibraryParts& parts) { return write_items(items, parts); }
    bool library_number(std::string_view, const std::function<std::string()>& text) { return out_.ascii(text()); }
    bool derived(const std::function<std::string()>& text) { return out_.ascii(text()); }
    bool by_str(PyObject* object) { return own_text(object, PyObject_Str, true) != Own::kStop; }
    // Of a value whose text is cut, from the beginning: its two ends instead, where it is of a kind that has them.
    bool ends(PyObject* object);
    // ` #3`, in place of an address.
    bool ordinal(PyObject* object) { return numbered(" #", object); }

    enum class Own { kShown, kStop, kFailed };
    // The repr that a type gives the object; the program's own functions run only with --objects repr. Without that, on
    // one line.
    Own own_repr(PyObject* object, reprfunc repr) { return own_text(object, repr, objects_ == TM_OBJECTS_FIELDS); }
    // Of the object's own type. What tells what that depends on is for those who do not ask it.
    Own own_repr(PyObject* object, LibraryParts&) { return own_repr(object, PyObject_Repr); }
    Own own_message(PyObject* exception, reprfunc str) { return own_text(exception, str, false); }
    // What the text consists of, see kValueLiteral and kValueArrays in format/record.h.
    struct Holds {
        bool arrays = false;   // NumPy's arrays or numbers
        bool others = false;   // what is neither a literal nor one of these
        bool rounded = false;  // numbers of arrays with fewer digits than they have
    };
    const Holds& holds() const { return holds_; }
    // This follows, and is no literal.
    void no_literal() { holds_.others = true; }
    void no_literal(PyObject* object) {
        // A library's own repr does as the program told the library to.
        const bool is_array = objects_ == TM_OBJECTS_FIELDS && is_array_or_number(object);
        (is_array ? holds_.arrays : holds_.others) = true;
    }
    void rounded() { holds_.rounded = true; }
    // The value that is looked at goes on deeper than it shows.
    void too_deep() {}

  private:
    bool string_ends(PyObject* unicode);
    bool bytes_ends(std::string_view data, std::string_view open, std::string_view close, bool escapes_all);
    bool array_ends(PyObject* array);
    bool large_integer(PyObject* object);
    Own own_text(PyObject* object, reprfunc function, bool on_one_line);
    bool without_addresses(PyObject* text, PyObject* object, bool on_one_line);
    bool numbered(std::string_view before, PyObject* object);

    python::ObjectOrdinals& ordinals_;
    const tm_objects objects_;
    TextBuilder out_;
    uint64_t max_chars_ = 0;
    Holds holds_;
};

}  // namespace tracemill::trace
