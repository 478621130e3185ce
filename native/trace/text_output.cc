#include "trace/text_output.h"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>

#include "python/ref.h"
#include "trace/escapes.h"
#include "trace/python_text.h"

namespace tracemill::trace {
namespace {

using python::Owned;

// Of about 4,300 decimal digits: Python refuses to write longer integers, since the cost is quadratic.
constexpr size_t kMostDecimalBits = 14'285;

// Printable ASCII without quotes and backslashes needs no escape: the length of such a prefix.
size_t plain_prefix(const unsigned char* data, size_t size) {
    size_t i = 0;
    while (i < size && data[i] >= 0x20 && data[i] < 0x7f && data[i] != '\\' && data[i] != '\'' && data[i] != '"') ++i;
    return i;
}

}  // namespace

bool TextOutput::string(PyObject* unicode) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(unicode);
    const int kind = PyUnicode_KIND(unicode);
    const void* data = PyUnicode_DATA(unicode);
    const char quote = quote_of(unicode);
    if (!out_.ascii({&quote, 1})) return false;
    Py_ssize_t i = 0;
    if (PyUnicode_IS_ASCII(unicode)) {
        const auto* ascii = static_cast<const unsigned char*>(data);
        i = static_cast<Py_ssize_t>(
            plain_prefix(ascii, static_cast<size_t>(std::min(length, static_cast<Py_ssize_t>(room()) + 1))));
        if (!out_.ascii({static_cast<const char*>(data), static_cast<size_t>(i)})) return false;
    }
    for (; i < length; ++i) {
        if (!append_escaped(out_, PyUnicode_READ(kind, data, i), quote)) return false;
    }
    return out_.ascii({&quote, 1});
}

bool TextOutput::bytes(const char* data, Py_ssize_t size, bool escapes_all) {
    const char quote = quote_of({data, static_cast<size_t>(size)});
    // Double quotes stand only around what has none.
    const char escaped_quote = escapes_all ? '\'' : quote;
    const char open[2] = {'b', quote};
    if (!out_.ascii({open, 2})) return false;
    for (Py_ssize_t i = 0; i < size; ++i) {
        if (!append_escaped_byte(out_, static_cast<unsigned char>(data[i]), escaped_quote)) return false;
    }
    return out_.ascii({&quote, 1});
}

bool TextOutput::integer(PyObject* object) {
    int overflow = 0;
    const long long small = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (!overflow) return out_.ascii(std::to_string(small));
    constexpr size_t kMostDigits = kMostDecimalBits / PyLong_SHIFT + 1;
    if (tm_long_digit_count(object) > kMostDigits) return large_integer(object);
    const Owned text = Owned::steal(PyLong_Type.tp_repr(object));
    if (text) return append_text(text.get(), out_);
    // The program lowered the limit.
    PyErr_Clear();
    return large_integer(object);
}

// `<int of 20000 bits 0x9f4a1b2c3d4e5f60...0123456789abcdef>`.
bool TextOutput::large_integer(PyObject* object) {
    no_literal();
    const digit* digits = tm_long_digits(object);
    const size_t count = tm_long_digit_count(object);
    const uint64_t bits = (count - 1) * PyLong_SHIFT + std::bit_width(uint64_t{digits[count - 1]});
    const auto bits_from = [&](uint64_t first) {
        uint64_t word = 0;
        for (uint64_t i = 0; i < 64 && first + i < bits; ++i) {
            const uint64_t at = first + i;
            word |= uint64_t{(digits[at / PyLong_SHIFT] >> (at % PyLong_SHIFT)) & 1} << i;
        }
        return word;
    };
    char text[96];
    const int size = std::snprintf(text, sizeof text, "<int of %llu bits %s0x%llx...%016llx>",
                                   static_cast<unsigned long long>(bits), tm_long_is_negative(object) ? "-" : "",
                                   static_cast<unsigned long long>(bits_from((bits - 1) / 4 * 4 - 60)),
                                   static_cast<unsigned long long>(bits_from(0)));
    return out_.ascii({text, static_cast<size_t>(size)});
}

bool TextOutput::real(double value) { return append_real(out_, value); }

bool append_real(TextBuilder& out, double value) {
    char* text = PyOS_double_to_string(value, 'r', 0, Py_DTSF_ADD_DOT_0, nullptr);
    if (!text) {
        PyErr_Clear();
        return out.ascii("<unreprable float>");
    }
    const bool more = out.ascii(text);
    PyMem_Free(text);
    return more;
}

bool TextOutput::complex(PyObject* object) {
    const Owned text = Owned::steal(PyComplex_Type.tp_repr(object));
    if (text) return append_text(text.get(), out_);
    PyErr_Clear();
    no_literal();
    return out_.ascii("<unreprable complex>");
}

bool TextOutput::text(PyObject* unicode) { return append_text(unicode, out_); }

bool TextOutput::name(const char* utf8) {
    const std::string_view name(utf8);
    if (std::all_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
        return out_.ascii(name);
    }
    const Owned decoded = Owned::steal(PyUnicode_FromString(utf8));
    if (decoded) return text(decoded.get());
    PyErr_Clear();
    return true;
}

bool TextOutput::class_name(PyTypeObject* type) {
    if (type->tp_flags & Py_TPFLAGS_HEAPTYPE) return text(reinterpret_cast<PyHeapTypeObject*>(type)->ht_name);
    return out_.ascii(type_name(type));
}

bool TextOutput::numbered(std::string_view before, PyObject* object) {
    return out_.ascii(before) && out_.ascii(std::to_string(ordinals_.of(object)));
}

bool TextOutput::atom(PyObject* object, bool& known) {
    PyTypeObject* type = Py_TYPE(object);
    known = true;
    if (type == &PyLong_Type) return integer(object);
    if (type == &PyUnicode_Type) return string(object);
    if (type == &PyFloat_Type) return real(PyFloat_AS_DOUBLE(object));
    if (object == Py_None) return out_.ascii("None");
    if (type == &PyBool_Type) return out_.ascii(object == Py_True ? "True" : "False");
    if (object == Py_Ellipsis) return out_.ascii("Ellipsis");
    if (type == &PyBytes_Type) return bytes(PyBytes_AS_STRING(object), PyBytes_GET_SIZE(object), false);
    known = false;
    return true;
}

}  // namespace tracemill::trace
