#include "admission/shared_caches.h"

#include <algorithm>

namespace tracemill::admission {
namespace {

using python::Owned;

// Dicts that modules keep by themselves. Not every Python has all of them.
constexpr const char* kDicts[][2] = {
    {"re", "_cache"}, {"re", "_cache2"}, {"_strptime", "_regex_cache"}, {"linecache", "cache"}};

Owned attribute(const char* module, const char* name) {
    const Owned imported = Owned::steal(PyImport_ImportModule(module));
    Owned value = imported ? Owned::steal(PyObject_GetAttrString(imported.get(), name)) : Owned();
    PyErr_Clear();
    return value;
}

struct ModuleParts {
    PyObject* contents;
    std::vector<Owned> dicts;  // others that it holds
};

int note_dict(PyObject* object, void* parts) {
    auto& found = *static_cast<ModuleParts*>(parts);
    if (PyDict_Check(object) && object != found.contents) found.dicts.push_back(Owned::share(object));
    return 0;
}

}  // namespace

bool SharedCaches::prepare() {
    for (const auto& [module, name] : kDicts) {
        Owned dict = attribute(module, name);
        if (dict && PyDict_Check(dict.get())) dicts_.push_back(std::move(dict));
    }
    // A module of C keeps its own where no name leads.
    const Owned formats = Owned::steal(PyImport_ImportModule("_struct"));
    if (formats) {
        ModuleParts parts{PyModule_GetDict(formats.get()), {}};
        Py_TYPE(formats.get())->tp_traverse(formats.get(), note_dict, &parts);
        for (Owned& dict : parts.dicts) dicts_.push_back(std::move(dict));
    }
    PyErr_Clear();
    clear_formats_ = attribute("_struct", "_clearcache");
    if (clear_formats_) return true;
    PyErr_SetString(PyExc_RuntimeError, "this Python keeps its formats of struct in another way");
    return false;
}

void SharedCaches::add(std::vector<Library::Cache> caches) {
    caches_ = std::move(caches);
    if (caches_.empty()) return;
    auto* type = reinterpret_cast<PyObject*>(Py_TYPE(caches_.front().function.get()));
    clear_ = Owned::steal(PyObject_GetAttrString(type, "cache_clear"));
    PyErr_Clear();
}

bool SharedCaches::contains(PyObject* dict) const {
    return std::any_of(dicts_.begin(), dicts_.end(), [dict](const Owned& one) { return one.get() == dict; });
}

bool SharedCaches::empty() const {
    for (const Owned& dict : dicts_) {
        if (PyDict_GET_SIZE(dict.get()) > 0) PyDict_Clear(dict.get());
    }
    bool emptied = true;
    for (const auto& [function, dict] : caches_) {
        if (PyDict_GET_SIZE(dict.get()) == 0) continue;
        emptied = Owned::steal(PyObject_CallOneArg(clear_.get(), function.get())) && emptied;
    }
    emptied = Owned::steal(PyObject_CallNoArgs(clear_formats_.get())) && emptied;
    PyErr_Clear();
    return emptied;
}

}  // namespace tracemill::admission
