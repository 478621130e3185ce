#include "trace/deferred_work.h"

#include <vector>

#include "python/error.h"
#include "python/interpreter_state.h"

namespace tracemill::trace {
namespace {

using python::Owned;

// threading._shutdown() works once in the life of a process; this does the same as often as there are programs.
constexpr char kWaitForThreads[] = R"(
def wait_for_threads(threading):
    for call in reversed(threading._threading_atexits[:]):
        call()
    for thread in threading.enumerate():
        if not thread.daemon and thread is not threading.main_thread():
            thread.join()
)";

Owned define(const char* source, const char* name) {
    const Owned globals = Owned::steal(PyDict_New());
    if (!globals || PyDict_SetItemString(globals.get(), "__builtins__", PyEval_GetBuiltins()) != 0) return Owned();
    const Owned code = Owned::steal(Py_CompileString(source, "<tracemill>", Py_file_input));
    const Owned done = code ? Owned::steal(PyEval_EvalCode(code.get(), globals.get(), globals.get())) : Owned();
    return done ? Owned::share(PyDict_GetItemString(globals.get(), name)) : Owned();
}

Owned function_of(const char* module, const char* name) {
    const Owned imported = Owned::steal(PyImport_ImportModule(module));
    return imported ? Owned::steal(PyObject_GetAttrString(imported.get(), name)) : Owned();
}

void report_unless(const Owned& done, PyObject* where) {
    if (!done) PyErr_WriteUnraisable(where);
}

bool starts_with_underscore(PyObject* name) {
    return PyUnicode_GET_LENGTH(name) > 0 && PyUnicode_READ_CHAR(name, 0) == '_';
}

}  // namespace

std::string DeferredWork::prepare() {
    d_wait_for_threads = define(kWaitForThreads, "wait_for_threads");
    d_run_exits = function_of("atexit", "_run_exitfuncs");
    d_count_exits = function_of("atexit", "_ncallbacks");
    d_forget_exits = function_of("atexit", "_clear");
    if (!d_wait_for_threads || !d_run_exits || !d_count_exits || !d_forget_exits)
        return "the Python installation is incomplete: " + python::take_error_text();
    // What the library registered when it was imported is for the end of the process.
    forget();
    return std::string();
}

void DeferredWork::finish() {
    tm_set_ending(1);
    if (tm_count_threads() > 1) {
        const Owned threading = Owned::steal(PyImport_ImportModule("threading"));
        if (threading) {
            report_unless(Owned::steal(PyObject_CallOneArg(d_wait_for_threads.get(), threading.get())),
                          d_wait_for_threads.get());
        }
        PyErr_Clear();
    }
    const Owned count = Owned::steal(PyObject_CallNoArgs(d_count_exits.get()));
    if (count && PyLong_AsLong(count.get()) > 0) {
        report_unless(Owned::steal(PyObject_CallNoArgs(d_run_exits.get())), d_run_exits.get());
    }
    PyErr_Clear();
    tm_set_ending(0);
}

void DeferredWork::clear_module(PyObject* globals) {
    // As CPython clears a module: names that start with an underscore first, then the others.
    for (const bool underscored : {true, false}) {
        std::vector<Owned> names;
        PyObject *name, *value;
        for (Py_ssize_t at = 0; PyDict_Next(globals, &at, &name, &value);) {
            if (value == Py_None || !PyUnicode_CheckExact(name) || starts_with_underscore(name) != underscored)
                continue;
            if (PyUnicode_CompareWithASCIIString(name, "__builtins__") != 0) names.push_back(Owned::share(name));
        }
        for (const Owned& dropped : names) {
            if (PyDict_SetItem(globals, dropped.get(), Py_None) != 0) PyErr_Clear();
        }
    }
    PyDict_Clear(globals);
    PyErr_Clear();
}

void DeferredWork::forget() {
    const Owned done = Owned::steal(PyObject_CallNoArgs(d_forget_exits.get()));
    PyErr_Clear();
}

}  // namespace tracemill::trace
