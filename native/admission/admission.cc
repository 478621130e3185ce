#include "admission/admission.h"

#include <algorithm>
#include <cstring>

#include "python/error.h"

namespace tracemill::admission {
namespace {

using python::Owned;

Owned attribute(const char* module, const char* name) {
    const Owned imported = Owned::steal(PyImport_ImportModule(module));
    Owned value = imported ? Owned::steal(PyObject_GetAttrString(imported.get(), name)) : Owned();
    PyErr_Clear();
    return value;
}

// Dicts that are written to while a tame program runs: by ourselves, by it only through barriers; and the state of
// `random`, which every program finds anew.
std::vector<Owned> written_dicts() {
    std::vector<Owned> dicts;
    dicts.push_back(Owned::share(PyImport_GetModuleDict()));
    dicts.push_back(attribute("sys", "__dict__"));
    const Owned random = attribute("random", "_inst");
    if (random) dicts.push_back(Owned::steal(PyObject_GenericGetDict(random.get(), nullptr)));
    PyErr_Clear();
    return dicts;
}

int note(PyObject* object, void* dicts) {
    if (PyDict_Check(object)) static_cast<std::vector<Owned>*>(dicts)->push_back(Owned::share(object));
    return 0;
}

// Where a way that nobody thought of would lead first.
std::vector<Owned> exposed_dicts(const NameTable& names, const Exposed& exposed) {
    std::vector<Owned> dicts;
    const auto add = [&](PyObject* dict) {
        if (dict && PyDict_Check(dict)) dicts.push_back(Owned::share(dict));
    };
    for (const Owned& module : names.modules()) {
        if (!module) continue;
        PyObject* contents = PyModule_GetDict(module.get());
        add(contents);
    }
    add(PyEval_GetBuiltins());
    for (const Owned& value : exposed.unsteady) {
        add(value.get());
        // A proxy hands the dict behind it to what it is compared with.
        if (Py_TYPE(value.get()) == &PyDictProxy_Type) Py_TYPE(value.get())->tp_traverse(value.get(), note, &dicts);
    }
    for (const Owned& instance : exposed.instances) {
        if (!tm_has_instance_dict(Py_TYPE(instance.get()))) continue;
        const Owned dict = Owned::steal(PyObject_GenericGetDict(instance.get(), nullptr));
        PyErr_Clear();
        add(dict.get());
    }
    return dicts;
}

}  // namespace

std::string Admission::prepare(Barriers::Stop stop) {
    std::string error = rule_.prepare();
    if (!error.empty()) return error;
    if (!caches_.prepare()) return python::take_error_text();
    Library library = find_library();
    const Exposed exposed = find_exposed(rule_.names());
    if (!exposed.strange_modules.empty()) {
        const char* name = PyModule_GetName(exposed.strange_modules.front().get());
        return std::string("an allowed module gives one that is not: ") + (name ? name : "");
    }
    if (!lent_.prepare(rule_.names())) return "a function of an allowed module has a default that is not empty";
    const std::vector<Owned> written = written_dicts();
    const auto is_written = [&](const Owned& dict) {
        const auto is_it = [&](const Owned& one) { return one.get() == dict.get(); };
        return caches_.contains(dict.get()) || std::any_of(written.begin(), written.end(), is_it);
    };
    std::vector<Owned> dicts = exposed_dicts(rule_.names(), exposed);
    for (std::vector<Owned>* watched : {&library.dicts, &dicts}) std::erase_if(*watched, is_written);
    if (!wire_.prepare(library, dicts)) return "cannot watch the library: " + python::take_error_text();
    error = barriers_.prepare(library, exposed, rule_.names(), stop);
    caches_.add(std::move(library.caches));
    if (!caches_.empty()) return "cannot clear the library's caches";
    return error;
}

void Admission::settle() {
    tm_read_settings(&settings_);
    recursion_limit_ = Py_GetRecursionLimit();
    prepared_ = true;
}

void Admission::begin(PyObject* globals, const Findings& program) {
    runs_ = true;
    program_ = Findings();
    program_.add(program);
    barriers_.arm(globals);
    wire_.arm();
}

bool Admission::allows(PyObject* code) const {
    if (!runs_) return true;
    Findings findings = rule_.look_at(reinterpret_cast<PyCodeObject*>(code), true);
    findings.add(program_);
    return findings.tame();
}

bool Admission::end() {
    if (!runs_) return false;
    runs_ = false;
    barriers_.disarm();
    const bool lent = !lent_.are_empty();
    return wire_.disarm() || lent;
}

bool Admission::put_back() {
    if (!prepared_) return true;
    if (Py_GetRecursionLimit() != recursion_limit_) Py_SetRecursionLimit(recursion_limit_);
    tm_settings now;
    tm_read_settings(&now);
    if (std::memcmp(&now, &settings_, sizeof now) != 0) {
        tm_write_settings(&settings_);
        tm_read_settings(&now);
    }
    return caches_.empty() && std::memcmp(&now, &settings_, sizeof now) == 0;
}

}  // namespace tracemill::admission
