#include "admission/name_table.h"

#include <algorithm>

#include "admission/allowed_modules.h"
#include "admission/names.h"
#include "python/error.h"

namespace tracemill::admission {
namespace {

using python::Owned;

template <typename Visit>
void for_each_word(std::string_view words, Visit visit) {
    while (!words.empty()) {
        const size_t end = std::min(words.find(' '), words.size());
        if (end > 0) visit(words.substr(0, end));
        words.remove_prefix(std::min(end + 1, words.size()));
    }
}

Owned interned(std::string_view text) {
    PyObject* name = PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
    if (name) PyUnicode_InternInPlace(&name);
    return Owned::steal(name);
}

std::string_view text_of(PyObject* name) {
    Py_ssize_t size = 0;
    const char* text = PyUnicode_Check(name) ? PyUnicode_AsUTF8AndSize(name, &size) : nullptr;
    if (!text) PyErr_Clear();
    return text ? std::string_view(text, static_cast<size_t>(size)) : std::string_view();
}

bool is_dunder(PyObject* name) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(name);
    if (length < 4 || PyUnicode_READ_CHAR(name, 0) != '_' || PyUnicode_READ_CHAR(name, 1) != '_') return false;
    return PyUnicode_READ_CHAR(name, length - 1) == '_' && PyUnicode_READ_CHAR(name, length - 2) == '_';
}

// Whoever holds one of these holds nothing of the library.
bool is_plain(PyObject* value) {
    return value == Py_None || PyBool_Check(value) || PyLong_CheckExact(value) || PyFloat_CheckExact(value) ||
           PyUnicode_CheckExact(value);
}

ModuleSet bit(uint8_t number) { return ModuleSet{1} << number; }

}  // namespace

size_t NameTable::place_of(PyObject* name) const {
    const size_t mask = places_.size() - 1;
    size_t place = (reinterpret_cast<uintptr_t>(name) >> 4) * 0x9e3779b97f4a7c15u >> 20 & mask;
    while (places_[place].name && places_[place].name != name) place = (place + 1) & mask;
    return place;
}

NameUse NameTable::use_of(PyObject* name) const {
    const Entry& entry = places_[place_of(name)];
    if (entry.name) return uses_[entry.use];
    NameUse use;
    if (is_dunder(name)) use.refused = NameUse::kEverything;
    return use;
}

void NameTable::grow() {
    const std::vector<Entry> before = std::move(places_);
    places_ = std::vector<Entry>(std::max<size_t>(1024, before.size() * 2));
    for (const Entry& entry : before) {
        if (entry.name) places_[place_of(entry.name)] = entry;
    }
}

NameUse& NameTable::use(PyObject* name) {
    if (names_.size() * 2 >= places_.size()) grow();
    Entry& entry = places_[place_of(name)];
    if (!entry.name) {
        entry = {name, static_cast<uint32_t>(uses_.size())};
        names_.push_back(Owned::share(name));
        uses_.emplace_back();
        if (is_dunder(name)) uses_.back().refused = NameUse::kEverything;
    }
    return uses_[entry.use];
}

NameUse& NameTable::use(std::string_view text) { return use(interned(text).get()); }

PyObject* NameTable::kept(std::string_view text) {
    const Owned name = interned(text);
    use(name.get());
    return name.get();
}

void NameTable::refuse(std::string_view names, uint8_t uses) {
    for_each_word(names, [&](std::string_view name) { use(name).refused |= uses; });
}

void NameTable::allow(std::string_view names, uint8_t uses) {
    for_each_word(names, [&](std::string_view name) { use(name).refused &= static_cast<uint8_t>(~uses); });
}

void NameTable::import_modules() {
    for (const AllowedModule& allowed : allowed_modules()) {
        modules_.push_back(Owned::steal(PyImport_ImportModule(std::string(allowed.name).c_str())));
        PyErr_Clear();
        if (modules_.back()) use(allowed.name).module = static_cast<uint8_t>(modules_.size());
    }
}

void NameTable::give_name(uint8_t number, std::string_view name) {
    PyObject* module = modules_[number].get();
    const Owned key = interned(name);
    Owned value = key ? Owned::steal(PyObject_GetAttr(module, key.get())) : Owned();
    PyErr_Clear();
    if (!value) return;  // of another Python
    NameUse& use = this->use(key.get());
    use.given |= bit(number);
    for (uint8_t other = 0; other < modules_.size(); ++other) {
        if (modules_[other].get() == value.get()) use.modules |= bit(other);
    }
    modules_in_[number] |= use.modules;
    given_values_.push_back(std::move(value));
}

void NameTable::give(uint8_t number, std::string_view names) {
    if (names != "*") return for_each_word(names, [&](std::string_view name) { give_name(number, name); });
    PyObject* module = modules_[number].get();
    Owned all = Owned::steal(PyObject_GetAttrString(module, "__all__"));
    PyErr_Clear();
    if (!all) all = Owned::steal(PyObject_Dir(module));
    const Owned list = all ? Owned::steal(PySequence_List(all.get())) : Owned();
    if (!list) return PyErr_Clear();
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list.get()); ++i) {
        const std::string_view name = text_of(PyList_GET_ITEM(list.get(), i));
        if (!name.starts_with('_')) give_name(number, name);
    }
}

// Names of the module that lead elsewhere than to what some module gives.
void NameTable::hide_rest(uint8_t number) {
    PyObject* module = modules_[number].get();
    const Owned names = Owned::steal(PyObject_Dir(module));
    if (!names) return PyErr_Clear();
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(names.get()); ++i) {
        const Owned name = interned(text_of(PyList_GET_ITEM(names.get(), i)));
        if (!name || is_dunder(name.get())) continue;
        const Owned value = Owned::steal(PyObject_GetAttr(module, name.get()));
        PyErr_Clear();
        const auto is_it = [&](const Owned& given) { return given.get() == value.get(); };
        const bool harmless =
            value && (is_plain(value.get()) || std::any_of(given_values_.begin(), given_values_.end(), is_it));
        if (!harmless && !(use(name.get()).given & bit(number))) use(name.get()).hidden |= bit(number);
    }
}

void NameTable::take_back(PyObject* name, int module) {
    use(name).given &= ~bit(static_cast<uint8_t>(module));
    use(name).hidden |= bit(static_cast<uint8_t>(module));
}

// They change classes, which have them as attributes: of abstract ones the registry, of enumerations the members.
void NameTable::refuse_methods_of_metaclasses() {
    std::vector<Owned> found;
    for (const Owned& value : given_values_) {
        if (!PyType_Check(value.get())) continue;
        for (PyTypeObject* type = Py_TYPE(value.get()); type && type != &PyType_Type; type = type->tp_base) {
            PyObject *name, *method;
            for (Py_ssize_t at = 0; PyDict_Next(type->tp_dict, &at, &name, &method);) {
                if (PyUnicode_CheckExact(name) && !is_dunder(name)) found.push_back(Owned::share(name));
            }
        }
    }
    for (const Owned& name : found) refuse_attribute(interned(text_of(name.get())).get());
}

bool NameTable::gives(PyObject* value) const {
    return std::any_of(given_values_.begin(), given_values_.end(),
                       [value](const Owned& given) { return given.get() == value; });
}

std::string NameTable::prepare() {
    static_assert(NameUse::kEverything == 15);
    if (allowed_modules().size() > 64) return "more allowed modules than a set of them holds";
    grow();
    special_ = {kept("__annotations__"), kept("format"),      kept("__module__"),  kept("__name__"),
                kept("wraps"),           kept("__setattr__"), kept("__delattr__"), kept("__create_fn__")};
    refuse(kRefusedVariables, NameUse::kVariable);
    refuse(kRefusedAttributes, NameUse::kAttribute | NameUse::kChange);
    allow(kDunderVariables, NameUse::kVariable);
    allow(kDunderAttributes, NameUse::kAttribute);
    allow(kDunderDefinitions, NameUse::kDefinition);
    allow(kCompilerDefinitions, NameUse::kDefinition);
    import_modules();
    modules_in_.resize(modules_.size());
    const auto allowed = allowed_modules();
    for (uint8_t number = 0; number < modules_.size(); ++number) {
        if (modules_[number]) give(number, allowed[number].names);
    }
    for (uint8_t number = 0; number < modules_.size(); ++number) {
        if (modules_[number]) hide_rest(number);
    }
    refuse_methods_of_metaclasses();
    PyErr_Clear();
    return std::string();
}

}  // namespace tracemill::admission
