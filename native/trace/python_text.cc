#include "trace/python_text.h"

#include <cstring>

#include "python/ref.h"

namespace tracemill::trace {

bool append_text(PyObject* unicode, TextBuilder& out) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(unicode);
    const int kind = PyUnicode_KIND(unicode);
    const void* data = PyUnicode_DATA(unicode);
    if (PyUnicode_IS_ASCII(unicode)) return out.ascii({static_cast<const char*>(data), static_cast<size_t>(length)});
    for (Py_ssize_t i = 0; i < length; ++i) {
        if (!out.code_point(PyUnicode_READ(kind, data, i))) return false;
    }
    return true;
}

std::string text_of(PyObject* unicode) {
    if (PyUnicode_IS_COMPACT_ASCII(unicode)) {
        return {static_cast<const char*>(PyUnicode_DATA(unicode)), static_cast<size_t>(PyUnicode_GET_LENGTH(unicode))};
    }
    TextBuilder out;
    out.reset(0);
    append_text(unicode, out);
    return std::string(out.view());
}

bool bytearray_escapes_all() {
    static const bool kEscapes = [] {
        const python::Owned quote = python::Owned::steal(PyByteArray_FromStringAndSize("'", 1));
        const python::Owned text = quote ? python::Owned::steal(PyObject_Repr(quote.get())) : python::Owned();
        PyErr_Clear();
        return text && PyUnicode_FindChar(text.get(), '\\', 0, PyUnicode_GET_LENGTH(text.get()), 1) >= 0;
    }();
    return kEscapes;
}

std::string type_name(PyTypeObject* type) {
    if (type->tp_flags & Py_TPFLAGS_HEAPTYPE) {
        return text_of(reinterpret_cast<PyHeapTypeObject*>(type)->ht_name);
    }
    const char* dot = std::strrchr(type->tp_name, '.');
    return dot ? dot + 1 : type->tp_name;
}

}  // namespace tracemill::trace
