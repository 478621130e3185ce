#include "trace/native_access.h"

#include <algorithm>
#include <unistd.h>

#include "python/ref.h"
#include "trace/run_state.h"
#include "trace/word_search.h"

namespace tracemill::trace {
namespace {

using python::Owned;

// Code objects that no compiler made can do anything to the interpreter that runs them; `marshal` makes such from
// bytes, and so does an import of what has been compiled before: modules that programs import are loaded beforehand.
constexpr std::string_view kEvents[] = {"code.__new__", "marshal.load", "marshal.loads",
                                        "cpython.PyInterpreterState_New"};
constexpr std::string_view kEventFamilies[] = {"ctypes.", "cpython._PySys_"};

// Of the standard library: access to memory, or to what no program should hold.
constexpr std::string_view kModules[] = {
    "_ctypes",         "_ctypes_test",       "_testcapi",         "_testlimitedcapi",    "_testinternalcapi",
    "_testbuffer",     "_testclinic",        "_testmultiphase",   "_testsinglephase",    "_testimportmultiple",
    "_xxtestfuzz",     "_xxsubinterpreters", "_xxinterpchannels", "_xxinterpqueues",     "_interpreters",
    "_interpchannels", "_interpqueues",      "_remote_debugging", "_testclinic_limited", "xxlimited",
    "xxlimited_35",    "xxsubtype",
};

// Descriptors from here on are the executor's.
constexpr long kFirstBeyond = 64;

constexpr std::string_view kWords[] = {
    "as_strided", "__array_interface__", "__array_struct__", "ctypes", "cffi", "LowLevelCallable",
};
constexpr WordSearch kSearch{kWords};

PyObject* argument(PyObject* arguments, Py_ssize_t index) {
    const bool there = PyTuple_Check(arguments) && index < PyTuple_GET_SIZE(arguments);
    return there ? PyTuple_GET_ITEM(arguments, index) : nullptr;
}

std::string_view text_of(PyObject* object) {
    if (!object || !PyUnicode_Check(object) || !PyUnicode_IS_ASCII(object)) return {};
    return {static_cast<const char*>(PyUnicode_DATA(object)), static_cast<size_t>(PyUnicode_GET_LENGTH(object))};
}

// The event comes a second time, with the file, when that is an extension module. The library's own are as good as the
// interpreter; others do what their authors like.
bool is_native_import(PyObject* arguments) {
    const std::string_view name = text_of(argument(arguments, 0));
    if (std::find(std::begin(kModules), std::end(kModules), name) != std::end(kModules)) return true;
    PyObject* file = argument(arguments, 1);
    return file && file != Py_None && text_of(file).find("/lib-dynload/") == std::string_view::npos;
}

bool is_foreign_descriptor(PyObject* descriptor) {
    if (!descriptor || !PyLong_Check(descriptor)) return true;
    int overflow = 0;
    const long number = PyLong_AsLongAndOverflow(descriptor, &overflow);
    return overflow != 0 || number < 0 || number >= kFirstBeyond;
}

bool is_native(std::string_view event, PyObject* arguments) {
    if (event == "import") return is_native_import(arguments);
    if (event == "fcntl.ioctl") return is_foreign_descriptor(argument(arguments, 0));
    if (std::find(std::begin(kEvents), std::end(kEvents), event) != std::end(kEvents)) return true;
    return std::any_of(std::begin(kEventFamilies), std::end(kEventFamilies),
                       [event](std::string_view family) { return event.starts_with(family); });
}

void check_current_run() {
    const RunState* run = current_run();
    if (run) end_unless_alone(run->options);
}

// Of the classes of ctypes, whose instances are memory: each is made by one of two functions, which these stand before.
newfunc s_make_data;
newfunc s_make_function;
ternaryfunc s_call;

PyObject* make_data(PyTypeObject* type, PyObject* arguments, PyObject* keywords) {
    check_current_run();
    return s_make_data(type, arguments, keywords);
}

PyObject* make_function(PyTypeObject* type, PyObject* arguments, PyObject* keywords) {
    check_current_run();
    return s_make_function(type, arguments, keywords);
}

PyObject* call(PyObject* function, PyObject* arguments, PyObject* keywords) {
    check_current_run();
    return s_call(function, arguments, keywords);
}

// Classes that exist have their own copy of what they inherit; those that programs make inherit what stands there then.
bool stand_before(PyTypeObject* type) {
    if (type->tp_new == s_make_data) type->tp_new = make_data;
    if (type->tp_new == s_make_function) type->tp_new = make_function;
    if (type->tp_call == s_call) type->tp_call = call;
    const Owned classes =
        Owned::steal(PyObject_CallMethod(reinterpret_cast<PyObject*>(type), "__subclasses__", nullptr));
    if (!classes || !PyList_Check(classes.get())) return false;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(classes.get()); ++i) {
        if (!stand_before(reinterpret_cast<PyTypeObject*>(PyList_GET_ITEM(classes.get(), i)))) return false;
    }
    return true;
}

}  // namespace

std::string watch_native_access() {
    PyObject* module = PyDict_GetItemString(PyImport_GetModuleDict(), "_ctypes");  // borrowed
    if (!module) return std::string();
    const auto type_of = [module](const char* name) { return Owned::steal(PyObject_GetAttrString(module, name)); };
    const Owned simple = type_of("_SimpleCData");
    const Owned function = type_of("CFuncPtr");
    bool done = simple && function && PyType_Check(simple.get()) && PyType_Check(function.get());
    if (done) {
        s_make_data = reinterpret_cast<PyTypeObject*>(simple.get())->tp_new;
        s_make_function = reinterpret_cast<PyTypeObject*>(function.get())->tp_new;
        s_call = reinterpret_cast<PyTypeObject*>(function.get())->tp_call;
        PyTypeObject* data = reinterpret_cast<PyTypeObject*>(simple.get())->tp_base;
        done = s_make_data && s_make_function && s_call && data && stand_before(data);
    }
    PyErr_Clear();
    return done ? std::string() : "this Python makes the classes of ctypes in another way";
}

void end_unless_alone(const tm_options& options) {
    if (options.tier != TM_TIER_ALONE) _exit(TM_NATIVE_STATUS);
}

bool names_native_access(std::string_view source) { return kSearch.finds_any(source); }

void check_native_access(const tm_options& options, std::string_view event, PyObject* arguments) {
    if (is_native(event, arguments)) end_unless_alone(options);
}

}  // namespace tracemill::trace
