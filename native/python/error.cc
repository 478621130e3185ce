#include "python/error.h"

namespace tracemill::python {

Owned take_exception() {
#if TM_HAS_RAISED_EXCEPTION
    return Owned::steal(PyErr_GetRaisedException());
#else
    PyObject* type = nullptr;
    PyObject* value = nullptr;
    PyObject* traceback = nullptr;
    PyErr_Fetch(&type, &value, &traceback);
    if (!type) return Owned();
    PyErr_NormalizeException(&type, &value, &traceback);
    if (value && traceback) PyException_SetTraceback(value, traceback);
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    return Owned::steal(value);
#endif
}

void restore_exception(Owned exception) {
#if TM_HAS_RAISED_EXCEPTION
    PyErr_SetRaisedException(exception.release());
#else
    PyObject* value = exception.release();
    if (!value) return;
    PyObject* type = reinterpret_cast<PyObject*>(Py_TYPE(value));
    Py_INCREF(type);
    PyErr_Restore(type, value, PyException_GetTraceback(value));
#endif
}

std::string take_error_text() {
    const Owned exception = take_exception();
    if (!exception) return "unknown error";
    std::string text = Py_TYPE(exception.get())->tp_name;
    const Owned message = Owned::steal(PyObject_Str(exception.get()));
    const char* utf8 = message ? PyUnicode_AsUTF8(message.get()) : nullptr;
    if (utf8 && *utf8) text += std::string(": ") + utf8;
    PyErr_Clear();
    return text;
}

}  // namespace tracemill::python
