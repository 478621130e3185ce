#include "trace/library_print_options.h"

#include "trace/library_class.h"

namespace tracemill::trace {

using python::Owned;

// Set only where they differ: a context that is asked for for the first time would be one more object of the process.
DefaultPrintOptions::DefaultPrintOptions() {
    static PyObject* const kModule = PyUnicode_InternFromString("numpy._core.printoptions");
    const Owned module = Owned::steal(PyImport_GetModule(kModule));
    Owned options = module ? Owned::steal(PyObject_GetAttr(module.get(), interned<"format_options">())) : Owned();
    const Owned defaults =
        options ? Owned::steal(PyObject_GetAttr(module.get(), interned<"default_format_options_dict">())) : Owned();
    PyObject* current = nullptr;
    if (options && defaults && PyContextVar_CheckExact(options.get()) &&
        PyContextVar_Get(options.get(), nullptr, &current) == 0 && current) {
        const Owned held = Owned::steal(current);
        if (held.get() != defaults.get() && PyObject_RichCompareBool(held.get(), defaults.get(), Py_EQ) == 0) {
            token_ = Owned::steal(PyContextVar_Set(options.get(), defaults.get()));
            options_ = std::move(options);
        }
    }
    PyErr_Clear();
}

DefaultPrintOptions::~DefaultPrintOptions() {
    if (!token_) return;
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (PyContextVar_Reset(options_.get(), token_.get()) != 0) PyErr_Clear();
    PyErr_Restore(type, value, traceback);
}

}  // namespace tracemill::trace
