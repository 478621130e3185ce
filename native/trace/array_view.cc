#include "trace/array_view.h"

#include <cstring>

#include "python/ref.h"

namespace tracemill::trace {
namespace {

using python::Owned;

PyTypeObject* import_type() {
    const Owned module = Owned::steal(PyImport_ImportModule("array"));
    PyObject* type = module ? PyObject_GetAttrString(module.get(), "array") : nullptr;
    if (!type) PyErr_Clear();
    return reinterpret_cast<PyTypeObject*>(type);
}

}  // namespace

PyTypeObject* array_type() {
    static PyTypeObject* const kType = import_type();
    return kType;
}

ArrayView::ArrayView(PyObject* array) {
    if (PyObject_GetBuffer(array, &buffer_, PyBUF_ND | PyBUF_FORMAT) != 0) {
        PyErr_Clear();
        return;
    }
    const char* format = buffer_.format;
    if (format[0] && !format[1] && std::strchr("bBhHiIlLqQfd", format[0])) typecode_ = format[0];
}

ArrayView::~ArrayView() { PyBuffer_Release(&buffer_); }

}  // namespace tracemill::trace
