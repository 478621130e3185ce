#include "trace/exception_message.h"

#include <string>

#include "trace/program_class.h"

namespace tracemill::trace {
namespace {

reprfunc text_function(PyObject* exception_type) { return reinterpret_cast<PyTypeObject*>(exception_type)->tp_str; }

// A class of the library that says in Python code how its exceptions read, and no class of the program after it.
bool has_library_text(PyTypeObject* type) {
    static PyObject* const kStr = PyUnicode_InternFromString("__str__");
    for (; type && (type->tp_flags & Py_TPFLAGS_HEAPTYPE); type = type->tp_base) {
        PyObject* attributes = tm_type_attributes(type);
        if (attributes && PyDict_GetItemWithError(attributes, kStr)) return !is_program_class(type);
    }
    return false;
}

bool is_plain_text(PyObject* text) { return !text || PyUnicode_CheckExact(text); }

}  // namespace

bool ExceptionMessage::write(PyObject* exception) {
    const python::Owned held = python::Owned::share(exception);
    if (has_library_text(Py_TYPE(exception))) {
        const TextOutput::Own own = out_.own_message(exception, PyObject_Str);
        if (own != TextOutput::Own::kFailed) return own == TextOutput::Own::kShown;
    }
    return built_in(exception);
}

bool ExceptionMessage::built_in(PyObject* exception) {
    PyTypeObject* type = Py_TYPE(exception);
    while (type->tp_base && (type->tp_flags & Py_TPFLAGS_HEAPTYPE) &&
           !PyErr_GivenExceptionMatches(reinterpret_cast<PyObject*>(type), PyExc_BaseExceptionGroup)) {
        type = type->tp_base;
    }
    const reprfunc own = type->tp_str;
    if (own == text_function(PyExc_OSError)) return operating_system(exception);
    if (own == text_function(PyExc_SyntaxError)) return syntax(exception);
    if (own == text_function(PyExc_ImportError)) return import(exception);
    if (own == text_function(PyExc_UnicodeEncodeError) || own == text_function(PyExc_UnicodeDecodeError) ||
        own == text_function(PyExc_UnicodeTranslateError)) {
        return unicode(exception, own);
    }
    if (PyObject_TypeCheck(exception, reinterpret_cast<PyTypeObject*>(PyExc_BaseExceptionGroup))) {
        return group(exception);
    }
    if (own == text_function(PyExc_KeyError)) {
        PyObject* args = reinterpret_cast<PyBaseExceptionObject*>(exception)->args;
        if (PyTuple_GET_SIZE(args) == 1) return quoted(PyTuple_GET_ITEM(args, 0));
    }
    return arguments(exception);
}

// Nothing, the one argument, or the tuple of them.
bool ExceptionMessage::arguments(PyObject* exception) {
    const python::Owned args = python::Owned::share(reinterpret_cast<PyBaseExceptionObject*>(exception)->args);
    const Py_ssize_t count = args ? PyTuple_GET_SIZE(args.get()) : 0;
    if (count == 0) return true;
    return count == 1 ? plain(PyTuple_GET_ITEM(args.get(), 0)) : quoted(args.get());
}

bool ExceptionMessage::operating_system(PyObject* exception) {
    const auto* error = reinterpret_cast<PyOSErrorObject*>(exception);
    if (!error->filename && !(error->myerrno && error->strerror)) return arguments(exception);
    const python::Owned number = python::Owned::share(error->myerrno);
    const python::Owned reason = python::Owned::share(error->strerror);
    const python::Owned name = python::Owned::share(error->filename);
    const python::Owned second = python::Owned::share(error->filename2);
    if (!out_.word("[Errno ") || !plain(number.get()) || !out_.word("] ") || !plain(reason.get())) return false;
    if (!name) return true;
    if (!out_.word(": ") || !quoted(name.get())) return false;
    return !second || (out_.word(" -> ") && quoted(second.get()));
}

bool ExceptionMessage::syntax(PyObject* exception) {
    const auto* error = reinterpret_cast<PySyntaxErrorObject*>(exception);
    const python::Owned file = python::Owned::share(error->filename);
    const bool has_file = file && PyUnicode_Check(file.get());
    int overflow = 1;
    const long line =
        error->lineno && PyLong_CheckExact(error->lineno) ? PyLong_AsLongAndOverflow(error->lineno, &overflow) : 0;
    const python::Owned message = python::Owned::share(error->msg);
    if (!plain(message.get()) || (!has_file && overflow)) return !out_.cut();
    if (!out_.word(" (")) return false;
    if (has_file) {
        const Py_ssize_t length = PyUnicode_GET_LENGTH(file.get());
        const Py_ssize_t slash = PyUnicode_FindChar(file.get(), '/', 0, length, -1);
        const python::Owned base = python::Owned::steal(PyUnicode_Substring(file.get(), slash + 1, length));
        if (base && !out_.text(base.get())) return false;
        if (!overflow && !out_.word(", ")) return false;
    }
    return (overflow || out_.word("line " + std::to_string(line))) && out_.word(")");
}

bool ExceptionMessage::import(PyObject* exception) {
    PyObject* message = reinterpret_cast<PyImportErrorObject*>(exception)->msg;
    return message && PyUnicode_CheckExact(message) ? out_.text(message) : arguments(exception);
}

bool ExceptionMessage::unicode(PyObject* exception, reprfunc own) {
    const auto* error = reinterpret_cast<PyUnicodeErrorObject*>(exception);
    if (!is_plain_text(error->encoding) || !is_plain_text(error->reason)) return arguments(exception);
    return own_text(exception, own);
}

bool ExceptionMessage::group(PyObject* exception) {
    const auto* group = reinterpret_cast<PyBaseExceptionGroupObject*>(exception);
    if (!group->msg || !group->excs || !PyTuple_Check(group->excs)) return arguments(exception);
    const Py_ssize_t count = PyTuple_GET_SIZE(group->excs);
    return plain(group->msg) && out_.word(" (" + std::to_string(count)) &&
           out_.word(count == 1 ? " sub-exception)" : " sub-exceptions)");
}

bool ExceptionMessage::own_text(PyObject* exception, reprfunc function) {
    const TextOutput::Own own = out_.own_message(exception, function);
    return own == TextOutput::Own::kFailed ? arguments(exception) : own == TextOutput::Own::kShown;
}

bool ExceptionMessage::plain(PyObject* object) {
    if (!object) return out_.word("None");
    return PyUnicode_Check(object) ? out_.text(object) : quoted(object);
}

bool ExceptionMessage::quoted(PyObject* object) { return object ? walk_.value(object) : out_.word("None"); }

}  // namespace tracemill::trace
