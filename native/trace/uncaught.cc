#include "trace/uncaught.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "python/error.h"

namespace tracemill::trace {
namespace {

using python::Owned;

// 3.12 added `last_exc`.
constexpr const char* kLastNames[] = {"last_type", "last_value", "last_traceback",
#if TM_HAS_RAISED_EXCEPTION
                                      "last_exc"
#endif
};

void set_last(const char* name, PyObject* value) {
    if (PySys_SetObject(name, value) != 0) PyErr_Clear();
}

void display(PyObject* exception) {
    const Owned traceback = Owned::steal(PyException_GetTraceback(exception));
    PyErr_Display(reinterpret_cast<PyObject*>(Py_TYPE(exception)), exception, traceback.get());
    PyErr_Clear();
}

}  // namespace

ExitRequest exit_request(PyObject* system_exit) {
    ExitRequest request;
    Owned code = Owned::steal(PyObject_GetAttrString(system_exit, "code"));
    if (!code) {
        // Then CPython shows the exception itself.
        PyErr_Clear();
        code = Owned::share(system_exit);
    }
    if (code.get() == Py_None) {
        request.success = true;
    } else if (PyLong_Check(code.get())) {
        // One byte of it, and -1 for a number beyond all.
        request.status = static_cast<int>(PyLong_AsLong(code.get())) & 0xff;
        request.too_large = python::take_exception();
        request.success = request.status == 0;
    } else {
        request.status = 1;
        request.text = std::move(code);
    }
    return request;
}

void write_exit_text(PyObject* text) {
    const Owned stream = Owned::steal(Py_XNewRef(PySys_GetObject("stderr")));
    if (!stream || stream.get() == Py_None) return;
    if (PyFile_WriteObject(text, stream.get(), Py_PRINT_RAW) != 0) PyErr_Clear();
    if (PyFile_WriteString("\n", stream.get()) != 0) PyErr_Clear();
}

void report_exit_number(const Owned& too_large) {
#if PY_VERSION_HEX >= 0x030c0000
    python::restore_exception(Owned::share(too_large.get()));
    tm_report_threads_at_exit(nullptr);
#else
    (void)too_large;  // forgotten there
#endif
}

void report_uncaught(PyObject* exception) {
    auto* type = reinterpret_cast<PyObject*>(Py_TYPE(exception));
    const Owned traceback = Owned::steal(PyException_GetTraceback(exception));
    PyObject* traceback_or_none = traceback ? traceback.get() : Py_None;
    set_last("last_type", type);
    set_last("last_value", exception);
    set_last("last_traceback", traceback_or_none);
#if TM_HAS_RAISED_EXCEPTION
    set_last("last_exc", exception);
#endif
    const Owned hook = Owned::steal(Py_XNewRef(PySys_GetObject("excepthook")));
    if (PySys_Audit("sys.excepthook", "OOOO", hook ? hook.get() : Py_None, type, exception, traceback_or_none) != 0) {
        PyErr_Clear();
    }
    if (!hook) {
        PySys_WriteStderr("sys.excepthook is missing\n");
        return display(exception);
    }
    PyObject* const arguments[] = {type, exception, traceback_or_none};
    const Owned done = Owned::steal(PyObject_Vectorcall(hook.get(), arguments, 3, nullptr));
    if (done) return;
    const Owned second = python::take_exception();
    if (PyErr_GivenExceptionMatches(second.get(), PyExc_SystemExit)) {
        const ExitRequest request = exit_request(second.get());
        if (request.text) write_exit_text(request.text.get());
        return;
    }
    PySys_WriteStderr("Error in sys.excepthook:\n");
    display(second.get());
    PySys_WriteStderr("\nOriginal exception was:\n");
    display(exception);
}

void forget_last_exception(PyObject* sys) {
    static const auto kNames = [] {
        std::array<PyObject*, std::size(kLastNames)> names;
        std::transform(std::begin(kLastNames), std::end(kLastNames), names.begin(), PyUnicode_InternFromString);
        return names;
    }();
    for (PyObject* name : kNames) {
        if (name && PyDict_GetItemWithError(sys, name) && PyDict_DelItem(sys, name) != 0) PyErr_Clear();
    }
    PyErr_Clear();
}

}  // namespace tracemill::trace
