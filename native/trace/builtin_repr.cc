// The exact built-in types of value_renderer.h.
#include <cstring>

#include "python/ref.h"
#include "trace/array_view.h"
#include "trace/collections_types.h"
#include "trace/python_text.h"
#include "trace/value_renderer.h"

namespace tracemill::trace {
namespace {

using python::Owned;

constexpr char kHex[] = "0123456789abcdef";

bool hex_escape(TextBuilder& out, char letter, uint32_t value, int digits) {
    char text[10] = {'\\', letter};
    for (int i = 0; i < digits; ++i) text[2 + i] = kHex[(value >> (4 * (digits - 1 - i))) & 0xf];
    return out.ascii({text, static_cast<size_t>(digits) + 2});
}

bool escaped(TextBuilder& out, uint32_t c, char quote) {
    switch (c) {
        case '\n':
            return out.ascii("\\n");
        case '\r':
            return out.ascii("\\r");
        case '\t':
            return out.ascii("\\t");
        case '\\':
            return out.ascii("\\\\");
        default:
            break;
    }
    if (c == static_cast<uint32_t>(quote)) {
        const char text[2] = {'\\', quote};
        return out.ascii({text, 2});
    }
    if (c < 0x20 || c == 0x7f) return hex_escape(out, 'x', c, 2);
    if (c < 0x7f || Py_UNICODE_ISPRINTABLE(c)) return out.code_point(c);
    if (c <= 0xff) return hex_escape(out, 'x', c, 2);
    if (c <= 0xffff) return hex_escape(out, 'u', c, 4);
    return hex_escape(out, 'U', c, 8);
}

// Printable ASCII without quotes and backslashes needs no escape: the length of such a prefix.
size_t plain_prefix(const unsigned char* data, size_t size) {
    size_t i = 0;
    while (i < size && data[i] >= 0x20 && data[i] < 0x7f && data[i] != '\\' && data[i] != '\'' && data[i] != '"') ++i;
    return i;
}

}  // namespace

bool ValueRenderer::text_literal(PyObject* unicode) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(unicode);
    const int kind = PyUnicode_KIND(unicode);
    const void* data = PyUnicode_DATA(unicode);
    const bool single = PyUnicode_FindChar(unicode, '\'', 0, length, 1) >= 0;
    const bool both = single && PyUnicode_FindChar(unicode, '"', 0, length, 1) >= 0;
    const char quote = single && !both ? '"' : '\'';
    if (!d_out.ascii({&quote, 1})) return false;
    Py_ssize_t i = 0;
    if (PyUnicode_IS_ASCII(unicode)) {
        const auto* ascii = static_cast<const unsigned char*>(data);
        i = static_cast<Py_ssize_t>(plain_prefix(ascii, static_cast<size_t>(length)));
        if (!d_out.ascii({static_cast<const char*>(data), static_cast<size_t>(i)})) return false;
    }
    for (; i < length; ++i) {
        if (!escaped(d_out, PyUnicode_READ(kind, data, i), quote)) return false;
    }
    return d_out.ascii({&quote, 1});
}

bool ValueRenderer::bytes_literal(const char* data, Py_ssize_t size, bool escapes_all) {
    const bool single = std::memchr(data, '\'', static_cast<size_t>(size)) != nullptr;
    const bool both = single && std::memchr(data, '"', static_cast<size_t>(size)) != nullptr;
    const char quote = single && !both ? '"' : '\'';
    // Double quotes stand only around what has none.
    const char escaped_quote = escapes_all ? '\'' : quote;
    const char open[2] = {'b', quote};
    if (!d_out.ascii({open, 2})) return false;
    for (Py_ssize_t i = 0; i < size; ++i) {
        const auto c = static_cast<unsigned char>(data[i]);
        if (!(c < 0x7f ? escaped(d_out, c, escaped_quote) : hex_escape(d_out, 'x', c, 2))) return false;
    }
    return d_out.ascii({&quote, 1});
}

bool ValueRenderer::integer(PyObject* object) {
    int overflow = 0;
    const long long small = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (!overflow) return d_out.ascii(std::to_string(small));
    // Fails past the interpreter's digit limit, as repr does.
    const Owned text = Owned::steal(PyLong_Type.tp_repr(object));
    return text ? append_text(text.get(), d_out) : fail();
}

bool ValueRenderer::real(double value) {
    char* text = PyOS_double_to_string(value, 'r', 0, Py_DTSF_ADD_DOT_0, nullptr);
    if (!text) return fail();
    const bool more = d_out.ascii(text);
    PyMem_Free(text);
    return more;
}

bool ValueRenderer::list(PyObject* object) {
    if (!enter(object)) return d_failed ? false : d_out.ascii("[...]");
    bool more = d_out.ascii("[");
    for (Py_ssize_t i = 0; more && i < PyList_GET_SIZE(object); ++i) {
        const Owned item = Owned::share(PyList_GET_ITEM(object, i));
        more = (i == 0 || d_out.ascii(", ")) && value(item.get());
    }
    leave();
    return more && d_out.ascii("]");
}

bool ValueRenderer::tuple(PyObject* object) {
    if (!enter(object)) return d_failed ? false : d_out.ascii("(...)");
    const Py_ssize_t size = PyTuple_GET_SIZE(object);
    bool more = d_out.ascii("(");
    for (Py_ssize_t i = 0; more && i < size; ++i) {
        more = (i == 0 || d_out.ascii(", ")) && value(PyTuple_GET_ITEM(object, i));
    }
    leave();
    return more && d_out.ascii(size == 1 ? ",)" : ")");
}

bool ValueRenderer::deque(PyObject* object) {
    if (!enter(object)) return d_failed ? false : d_out.ascii("[...]");
    const Owned iterator = Owned::steal(PyObject_GetIter(object));
    bool more = iterator ? d_out.ascii("deque([") : fail();
    for (bool first = true; more; first = false) {
        const Owned item = Owned::steal(PyIter_Next(iterator.get()));
        if (!item) break;
        more = (first || d_out.ascii(", ")) && value(item.get());
    }
    // Only when a repr of an item changed the deque.
    if (more && PyErr_Occurred()) more = fail();
    leave();
    const Py_ssize_t bound = deque_bound(object);
    return more && d_out.ascii("]") && (bound < 0 || d_out.ascii(", maxlen=" + std::to_string(bound))) &&
           d_out.ascii(")");
}

bool ValueRenderer::default_dict(PyObject* object) {
    const Owned factory = Owned::steal(default_factory(object));
    if (!factory) return fail();
    return d_out.ascii("defaultdict(") && value(factory.get()) && d_out.ascii(", ") && dict(object) && d_out.ascii(")");
}

bool ValueRenderer::dict(PyObject* object) {
    if (!enter(object)) return d_failed ? false : d_out.ascii("{...}");
    bool more = d_out.ascii("{");
    Py_ssize_t position = 0;
    PyObject* key = nullptr;
    PyObject* item = nullptr;
    bool first = true;
    while (more && PyDict_Next(object, &position, &key, &item)) {
        const Owned held_key = Owned::share(key);
        const Owned held_item = Owned::share(item);
        more = (first || d_out.ascii(", ")) && value(key) && d_out.ascii(": ") && value(item);
        first = false;
    }
    leave();
    return more && d_out.ascii("}");
}

bool ValueRenderer::items_of_set(PyObject* object) {
    // A list, because a repr that runs Python code may change the set.
    const Owned items = Owned::steal(PySequence_List(object));
    if (!items) return fail();
    bool more = d_out.ascii("{");
    for (Py_ssize_t i = 0; more && i < PyList_GET_SIZE(items.get()); ++i) {
        more = (i == 0 || d_out.ascii(", ")) && value(PyList_GET_ITEM(items.get(), i));
    }
    return more && d_out.ascii("}");
}

bool ValueRenderer::set(PyObject* object, const char* open, const char* close) {
    if (PySet_GET_SIZE(object) == 0) return d_out.ascii(Py_TYPE(object) == &PySet_Type ? "set()" : "frozenset()");
    if (!enter(object)) {
        if (d_failed) return false;
        return d_out.ascii(Py_TYPE(object) == &PySet_Type ? "set(...)" : "frozenset(...)");
    }
    const bool more = d_out.ascii(open) && items_of_set(object);
    leave();
    return more && d_out.ascii(close);
}

bool ValueRenderer::exact_builtin(PyObject* object, bool& known) {
    PyTypeObject* type = Py_TYPE(object);
    known = true;
    if (type == &PyLong_Type) return integer(object);
    if (type == &PyUnicode_Type) return text_literal(object);
    if (type == &PyFloat_Type) return real(PyFloat_AS_DOUBLE(object));
    if (object == Py_None) return d_out.ascii("None");
    if (type == &PyBool_Type) return d_out.ascii(object == Py_True ? "True" : "False");
    if (type == &PyList_Type) return list(object);
    if (type == &PyTuple_Type) return tuple(object);
    if (type == &PyDict_Type) return dict(object);
    if (type == &PySet_Type) return set(object, "", "");
    if (type == &PyFrozenSet_Type) return set(object, "frozenset(", ")");
    if (type == &PyBytes_Type) return bytes_literal(PyBytes_AS_STRING(object), PyBytes_GET_SIZE(object), false);
    if (type == &PyByteArray_Type) {
        const char* data = PyByteArray_AS_STRING(object);
        return d_out.ascii("bytearray(") &&
               bytes_literal(data, PyByteArray_GET_SIZE(object), bytearray_escapes_all()) && d_out.ascii(")");
    }
    if (type == collections_types().deque) return deque(object);
    if (type == collections_types().default_dict) return default_dict(object);
    if (type == array_type()) return array(object);
    known = false;
    return true;
}

}  // namespace tracemill::trace
