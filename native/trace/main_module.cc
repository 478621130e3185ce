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
    builtins_ = Owned::steal(PyImport_ImportModule("builtins"));
    const Owned importer = Owned::steal(PyImport_ImportModule("_frozen_importlib_external"));
    if (importer) loader_type_ = Owned::steal(PyObject_GetAttrString(importer.get(), "SourceFileLoader"));
    const auto name = [](const char* text) { return Owned::steal(PyUnicode_InternFromString(text)); };
    names_ = {.main = name("__main__"),
              .annotations = name("__annotations__"),
              .builtins = name("__builtins__"),
              .cached = name("__cached__"),
              .file = name("__file__"),
              .loader = name("__loader__"),
              .name = name("name"),
              .path = name("path")};
    no_arguments_ = Owned::steal(PyTuple_New(0));
    file_ = Owned::steal(PyUnicode_FromString(kProgramFile));
    if (builtins_ && loader_type_ && names_.path && file_ && no_arguments_ && put_folder_on_path())
        return std::string();
    return "the Python installation is incomplete: " + python::take_error_text();
}

// As its initialiser does, which is Python code.
Owned MainModule::make_loader() const {
    auto* type = reinterpret_cast<PyTypeObject*>(loader_type_.get());
    Owned loader = Owned::steal(type->tp_new(type, no_arguments_.get(), nullptr));
    const bool complete = loader && PyObject_SetAttr(loader.get(), names_.name.get(), names_.main.get()) == 0 &&
                          PyObject_SetAttr(loader.get(), names_.path.get(), file_.get()) == 0;
    return complete ? std::move(loader) : Owned();
}

Owned MainModule::make() const {
    Owned module = Owned::steal(PyModule_NewObject(names_.main.get()));
    const Owned loader = module ? make_loader() : Owned();
    const Owned annotations = loader ? Owned::steal(PyDict_New()) : Owned();
    if (!annotations) return Owned();
    PyObject* globals = PyModule_GetDict(module.get());  // borrowed
    const auto set = [globals](const Owned& name, PyObject* value) {
        return PyDict_SetItem(globals, name.get(), value) == 0;
    };
    const bool complete =
        set(names_.loader, loader.get()) && (!kHasAnnotations || set(names_.annotations, annotations.get())) &&
        set(names_.builtins, builtins_.get()) && set(names_.file, file_.get()) && set(names_.cached, Py_None) &&
        PyDict_SetItem(PyImport_GetModuleDict(), names_.main.get(), module.get()) == 0;
    if (!complete) return Owned();
    // The collector meets the module first, as in CPython: what it finds from there keeps its order.
    if (PyObject_GC_IsTracked(globals)) PyObject_GC_UnTrack(globals);
    PyObject_GC_Track(globals);
    return module;
}

void MainModule::forget_file(PyObject* globals) const {
    for (const Owned* name : {&names_.file, &names_.cached}) {
        if (PyDict_DelItem(globals, name->get()) != 0) PyErr_Clear();
    }
}

}  // namespace tracemill::trace
