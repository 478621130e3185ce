#include "trace/deferred_work.h"

#include <vector>

#include "python/collector.h"
#include "python/compat.h"
#include "python/error.h"
#include "python/interpreter_state.h"

namespace tracemill::trace {
namespace {

using python::Owned;

constexpr char kMainName[] = "__main__";

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

// What a program put behind the library's own.
void drop_added(const Owned& list, Py_ssize_t own) {
    if (!list || PyList_GET_SIZE(list.get()) <= own) return;
    if (PyList_SetSlice(list.get(), own, PyList_GET_SIZE(list.get()), nullptr) != 0) PyErr_Clear();
}

// Every name in sys.modules ends at once. Whether the module had another one.
bool drop_other_names(PyObject* modules, PyObject* module) {
    std::vector<Owned> names;
    PyObject *name, *value;
    for (Py_ssize_t at = 0; PyDict_Next(modules, &at, &name, &value);) {
        if (value == module) names.push_back(Owned::share(name));
    }
    for (const Owned& one : names) {
        if (PyDict_SetItem(modules, one.get(), Py_None) != 0) PyErr_Clear();
    }
    return !names.empty();
}

}  // namespace

std::string DeferredWork::prepare() {
    threading_ = Owned::steal(PyImport_ImportModule("threading"));
    exits_of_threads_ = function_of("threading", "_threading_atexits");
    log_handlers_ = function_of("logging", "_handlerList");
    end_logging_ = function_of("logging", "shutdown");
    if (log_handlers_ && PyList_Check(log_handlers_.get()))
        log_handlers_of_library_ = PyList_GET_SIZE(log_handlers_.get());
    PyErr_Clear();
    register_ = function_of("atexit", "register");
    run_exits_ = function_of("atexit", "_run_exitfuncs");
    count_exits_ = function_of("atexit", "_ncallbacks");
    forget_exits_ = function_of("atexit", "_clear");
    find_objects_ = function_of("gc", "get_objects");
    const bool complete =
        exits_of_threads_ && PyList_Check(exits_of_threads_.get()) && run_exits_ && count_exits_ && register_;
    if (!complete || !forget_exits_ || !find_objects_)
        return "the Python installation is incomplete: " + python::take_error_text();
    exits_of_library_ = PyList_GET_SIZE(exits_of_threads_.get());
    // What the library registered when it was imported is for the end of the process.
    forget();
    return std::string();
}

// A script that never imported the library's module of threads has nothing to shut down, and cannot look.
void DeferredWork::shut_threads_down(MainThread& main_thread) const {
    main_thread.renew();
    if (!main_thread.is_renewed()) return;
    const Owned done = Owned::steal(PyObject_CallMethod(threading_.get(), "_shutdown", nullptr));
    if (!done) tm_report_threads_at_exit(threading_.get());
    PyErr_Clear();
}

void DeferredWork::run_exits() const {
    const Owned done = Owned::steal(PyObject_CallNoArgs(run_exits_.get()));
    if (!done) PyErr_WriteUnraisable(run_exits_.get());
}

void DeferredWork::shut_logging_down() const {
    if (!log_handlers_ || !end_logging_ || PyList_GET_SIZE(log_handlers_.get()) == log_handlers_of_library_) return;
    const Owned registered = Owned::steal(PyObject_CallOneArg(register_.get(), end_logging_.get()));
    if (registered) run_exits();
}

void DeferredWork::finish(MainThread& main_thread) {
    tm_set_ending(1);
    const Owned count = Owned::steal(PyObject_CallNoArgs(count_exits_.get()));
    const bool has_exits = count && PyLong_AsLong(count.get()) > 0;
    const bool has_exits_of_threads = PyList_GET_SIZE(exits_of_threads_.get()) != exits_of_library_;
    if (tm_count_threads() > 1 || main_thread.is_renewed() || has_exits || has_exits_of_threads) {
        shut_threads_down(main_thread);
        run_exits();
    }
    shut_logging_down();
    PyErr_Clear();
    tm_set_ending(0);
}

void DeferredWork::end_module() {
    PyObject* modules = PyImport_GetModuleDict();                 // borrowed
    PyObject* module = PyDict_GetItemString(modules, kMainName);  // borrowed
    const bool is_module = module && PyModule_Check(module);
    const Owned alive = is_module ? Owned::steal(PyWeakref_NewRef(module, nullptr)) : Owned();
    if (PyDict_SetItemString(modules, kMainName, Py_None) != 0) PyErr_Clear();
    tm_collect_new();
    Owned held = alive ? Owned::steal(tm_weakref_target(alive.get())) : Owned();
    if (held && drop_other_names(modules, held.get())) {
        held = Owned();
        tm_collect_all();  // what survived is not new any more
        held = Owned::steal(tm_weakref_target(alive.get()));
    }
    if (held) clear_names(PyModule_GetDict(held.get()));
    PyErr_Clear();
}

void DeferredWork::end_held_names(const PyObject* names) const {
    const Owned objects = Owned::steal(PyObject_CallNoArgs(find_objects_.get()));
    for (Py_ssize_t i = 0; objects && i < PyList_GET_SIZE(objects.get()); ++i) {
        PyObject* object = PyList_GET_ITEM(objects.get(), i);
        if (object != names || !PyDict_CheckExact(object)) continue;
        // Another one may be where they were.
        PyObject* name = PyDict_GetItemString(object, "__name__");  // borrowed
        const bool is_main = name && PyUnicode_Check(name) && PyUnicode_CompareWithASCIIString(name, kMainName) == 0;
        if (is_main && PyDict_GetItemString(object, "__builtins__")) PyDict_Clear(object);
        break;
    }
    PyErr_Clear();
}

void DeferredWork::forget() {
    drop_added(exits_of_threads_, exits_of_library_);
    drop_added(log_handlers_, log_handlers_of_library_);
    const Owned done = Owned::steal(PyObject_CallNoArgs(forget_exits_.get()));
    PyErr_Clear();
}

}  // namespace tracemill::trace
