#include "trace/main_module.h"

#include <utility>

#include "python/error.h"
#include "trace/source_text.h"

namespace tracemill::trace {
namespace {

using python::Owned;

// From 3.14 a module gets its annotations when it is asked for them.
constexpr bool kHasAnnotations = PY_VERSION_HEX < 0x030e0000;

// The script's folder is where imports look first.
bool put_folder_on_path() {
    PyObject* path = PySys_GetObject("path");  // borrowed
    const Owned folder = Owned::steal(PyUnicode_FromString(kProgramFolder));
    return path && PyList_Check(path) && folder && PyList_Insert(path, 0, folder.get()) == 0;
}

}  // namespace

std::string MainModule::prepare() {
    d_builtins = Owned::steal(PyImport_ImportModule("builtins"));
    const Owned importer = Owned::steal(PyImport_ImportModule("_frozen_importlib_external"));
    if (importer) d_loader_type = Owned::steal(PyObject_GetAttrString(importer.get(), "SourceFileLoader"));
    const auto name = [](const char* text) { return Owned::steal(PyUnicode_InternFromString(text)); };
    d_names = {.main = name("__main__"),
               .annotations = name("__annotations__"),
               .builtins = name("__builtins__"),
               .cached = name("__cached__"),
               .file = name("__file__"),
               .loader = name("__loader__"),
               .name = name("name"),
               .path = name("path")};
    d_no_arguments = Owned::steal(PyTuple_New(0));
    d_file = Owned::steal(PyUnicode_FromString(kProgramFile));
    if (d_builtins && d_loader_type && d_names.path && d_file && d_no_arguments && put_folder_on_path())
        return std::string();
    return "the Python installation is incomplete: " + python::take_error_text();
}

// As its initialiser does, which is Python code.
Owned MainModule::make_loader() const {
    auto* type = reinterpret_cast<PyTypeObject*>(d_loader_type.get());
    Owned loader = Owned::steal(type->tp_new(type, d_no_arguments.get(), nullptr));
    const bool complete = loader && PyObject_SetAttr(loader.get(), d_names.name.get(), d_names.main.get()) == 0 &&
                          PyObject_SetAttr(loader.get(), d_names.path.get(), d_file.get()) == 0;
    return complete ? std::move(loader) : Owned();
}

Owned MainModule::make() const {
    Owned module = Owned::steal(PyModule_NewObject(d_names.main.get()));
    const Owned loader = module ? make_loader() : Owned();
    const Owned annotations = loader ? Owned::steal(PyDict_New()) : Owned();
    if (!annotations) return Owned();
    PyObject* globals = PyModule_GetDict(module.get());  // borrowed
    const auto set = [globals](const Owned& name, PyObject* value) {
        return PyDict_SetItem(globals, name.get(), value) == 0;
    };
    const bool complete =
        set(d_names.loader, loader.get()) && (!kHasAnnotations || set(d_names.annotations, annotations.get())) &&
        set(d_names.builtins, d_builtins.get()) && set(d_names.file, d_file.get()) && set(d_names.cached, Py_None) &&
        PyDict_SetItem(PyImport_GetModuleDict(), d_names.main.get(), module.get()) == 0;
    return complete ? Owned::share(globals) : Owned();
}

void MainModule::forget_file(PyObject* globals) const {
    for (const Owned* name : {&d_names.file, &d_names.cached}) {
        if (PyDict_DelItem(globals, name->get()) != 0) PyErr_Clear();
    }
}

}  // namespace tracemill::trace
