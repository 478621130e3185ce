// Of text_output.h: long strings, bytes and arrays that are no part of another value, by their two ends:
// `'first words...last words'`, `array('i', [0, 1, 2, ..., 98, 99])`.
#include <string>
#include <string_view>

#include "trace/array_view.h"
#include "trace/escapes.h"
#include "trace/known_types.h"
#include "trace/python_text.h"
#include "trace/text_output.h"

namespace tracemill::trace {
namespace {

// Below, the beginning alone says more.
constexpr uint64_t kLeastChars = 32;
// More than an item of any kind takes.
constexpr uint64_t kItemChars = 64;

struct Brackets {
    std::string_view open;
    std::string_view separator;
    std::string_view close;
};

// `item(out, i)` writes the i-th. A quarter of the text is for what comes last, or one item where that takes more.
template <typename Item>
void write_ends(TextBuilder& out, uint64_t max_chars, Py_ssize_t count, const Brackets& brackets, Item item) {
    TextBuilder text;
    const auto chars = [&](Py_ssize_t i) {
        text.reset(kItemChars);
        item(text, i);
        return kItemChars - text.room() + brackets.separator.size();
    };
    uint64_t room = max_chars - brackets.open.size() - brackets.close.size() - 3;
    Py_ssize_t last = count;
    for (uint64_t used = brackets.close.size(); last > 0; --last) {
        const uint64_t more = chars(last - 1);
        used += more;
        if (more > room || (last < count && used > max_chars / 4)) break;
        room -= more;
    }
    out.reset(max_chars);
    out.ascii(brackets.open);
    for (Py_ssize_t i = 0; i < last; ++i) {
        const uint64_t more = chars(i);
        if (more > room) break;
        room -= more;
        item(out, i);
        out.ascii(brackets.separator);
    }
    out.ascii("...");
    for (Py_ssize_t i = last; i < count; ++i) {
        out.ascii(brackets.separator);
        item(out, i);
    }
    out.ascii(brackets.close);
}

}  // namespace

bool TextOutput::string_ends(PyObject* unicode) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(unicode);
    const char quote = quote_of(unicode);
    write_ends(out_, max_chars_, length, {{&quote, 1}, "", {&quote, 1}},
               [&](TextBuilder& out, Py_ssize_t i) { append_escaped(out, PyUnicode_READ_CHAR(unicode, i), quote); });
    return true;
}

bool TextOutput::bytes_ends(std::string_view data, std::string_view open, std::string_view close, bool escapes_all) {
    const char quote = quote_of(data);
    const char escaped_quote = escapes_all ? '\'' : quote;
    const std::string opened = std::string(open) + 'b' + quote;
    const std::string closed = quote + std::string(close);
    write_ends(out_, max_chars_, static_cast<Py_ssize_t>(data.size()), {opened, "", closed},
               [&](TextBuilder& out, Py_ssize_t i) {
                   append_escaped_byte(out, static_cast<unsigned char>(data[static_cast<size_t>(i)]), escaped_quote);
               });
    return true;
}

bool TextOutput::array_ends(PyObject* array) {
    const ArrayView view(array);
    const char typecode = view.typecode();
    if (typecode == 0) return false;
    const std::string open = std::string("array('") + typecode + "', [";
    write_ends(out_, max_chars_, view.size(), {open, ", ", "])"}, [&](TextBuilder& out, Py_ssize_t i) {
        append_array_item(out, typecode, view.data() + i * view.item_size());
    });
    return true;
}

bool TextOutput::ends(PyObject* object) {
    PyTypeObject* type = Py_TYPE(object);
    if (max_chars_ < kLeastChars) return false;
    if (type == &PyUnicode_Type) return string_ends(object);
    if (type == &PyBytes_Type) {
        return bytes_ends({PyBytes_AS_STRING(object), static_cast<size_t>(PyBytes_GET_SIZE(object))}, "", "", false);
    }
    if (type == &PyByteArray_Type) {
        return bytes_ends({PyByteArray_AS_STRING(object), static_cast<size_t>(PyByteArray_GET_SIZE(object))},
                          "bytearray(", ")", bytearray_escapes_all());
    }
    return known_type(type) == KnownType::kArray && array_ends(object);
}

}  // namespace tracemill::trace
