#include "trace/deferred_work.h"

#include "python/collector.h"
#include "python/compat.h"
#include "python/error.h"
#include "python/interpreter_state.h"

namespace tracemill::trace {
namespace {

using python::Owned;

constexpr char kMainName[] = "__main__";

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

bool is_private(PyObject* name) {
    return PyUnicode_GET_LENGTH(name) > 0 && PyUnicode_READ_CHAR(name, 0) == '_' &&
           (PyUnicode_GET_LENGTH(name) == 1 || PyUnicode_READ_CHAR(name, 1) != '_');
}

// As CPython clears a module: names with one underscore first, then all but `__builtins__`.
void clear_names(PyObject* globals) {
    for (const bool only_private : {true, false}) {
        PyObject *name, *value;
        for (Py_ssize_t at = 0; PyDict_Next(globals, &at, &name, &value);) {
            if (value == Py_None || !PyUnicode_Check(name)) continue;
            if (only_private ? !is_private(name) : PyUnicode_CompareWithASCIIString(name, "__builtins__") == 0)
                continue;
            const Owned kept = Owned::share(name);
            if (PyDict_SetItem(globals, kept.get(), Py_None) != 0) PyErr_Clear();
        }
    }
}

}  // namespace

std::string DeferredWork::prepare() {
    wait_for_threads_ = define(kWaitForThreads, "wait_for_threads");
    run_exits_ = function_of("atexit", "_run_exitfuncs");
    count_exits_ = function_of("atexit", "_ncallbacks");
    forget_exits_ = function_of("atexit", "_clear");
    if (!wait_for_threads_ || !run_exits_ || !count_exits_ || !forget_exits_)
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
            const Owned done = Owned::steal(PyObject_CallOneArg(wait_for_threads_.get(), threading.get()));
            if (!done) tm_report_threads_at_exit(threading.get());
        }
        PyErr_Clear();
    }
    const Owned count = Owned::steal(PyObject_CallNoArgs(count_exits_.get()));
    if (count && PyLong_AsLong(count.get()) > 0) {
        const Owned done = Owned::steal(PyObject_CallNoArgs(run_exits_.get()));
        if (!done) PyErr_WriteUnraisable(run_exits_.get());
    }
    PyErr_Clear();
    tm_set_ending(0);
}

void DeferredWork::end_module(guard::StateGuard& guard) {
    PyObject* module = PyDict_GetItemString(PyImport_GetModuleDict(), kMainName);  // borrowed
    const bool is_module = module && PyModule_Check(module);
    const Owned alive = is_module ? Owned::steal(PyWeakref_NewRef(module, nullptr)) : Owned();
    guard.release_main_module();
    tm_collect_new();
    const Owned held = alive ? Owned::steal(tm_weakref_target(alive.get())) : Owned();
    if (held) clear_names(PyModule_GetDict(held.get()));
    PyErr_Clear();
}

void DeferredWork::forget() {
    const Owned done = Owned::steal(PyObject_CallNoArgs(forget_exits_.get()));
    PyErr_Clear();
}

}  // namespace tracemill::trace
