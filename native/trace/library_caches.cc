#include "trace/library_caches.h"

#include <cstring>
#include <optional>

#include "trace/library_class.h"

namespace tracemill::trace {
namespace {

using python::Owned;

// Where functools.lru_cache() keeps the C function that answers, and how often there was no answer; found by looking
// at caches that differ in nothing else.
struct CacheLayout {
    PyTypeObject* type = nullptr;
    size_t call = 0;
    size_t misses = 0;
    void* uncached = nullptr;  // the function of those that keep nothing
};

void* word_at(PyObject* object, size_t offset) {
    void* word = nullptr;
    std::memcpy(&word, reinterpret_cast<char*>(object) + offset, sizeof word);
    return word;
}

void set_word(PyObject* object, size_t offset, const void* word) {
    std::memcpy(reinterpret_cast<char*>(object) + offset, &word, sizeof word);
}

// A cache of so many answers of a function that a cache can call.
Owned make_cache(PyObject* make, long size, PyObject* function) {
    const Owned decorator = Owned::steal(PyObject_CallFunction(make, "l", size));
    return decorator ? Owned::steal(PyObject_CallOneArg(decorator.get(), function)) : Owned();
}

// The one place where `differs` holds; empty where there is none, or several.
template <typename Differs>
std::optional<size_t> only_place(PyTypeObject* type, Differs&& differs) {
    std::optional<size_t> found;
    for (size_t offset = sizeof(PyObject); offset < static_cast<size_t>(type->tp_basicsize); offset += sizeof(void*)) {
        if (!differs(offset)) continue;
        if (found) return std::nullopt;
        found = offset;
    }
    return found;
}

CacheLayout find_layout() {
    const Owned functools = Owned::steal(PyImport_ImportModule("functools"));
    const Owned make = functools ? Owned::steal(PyObject_GetAttrString(functools.get(), "lru_cache")) : Owned();
    if (!make) return {};
    PyObject* function = reinterpret_cast<PyObject*>(&PyLong_Type);
    PyObject* other = reinterpret_cast<PyObject*>(&PyFloat_Type);
    const Owned none = make_cache(make.get(), 0, function);
    const Owned none_either = make_cache(make.get(), 0, other);
    const Owned some = make_cache(make.get(), 5, function);
    if (!none || !none_either || !some || Py_TYPE(none.get())->tp_basicsize < 64) return {};
    PyTypeObject* type = Py_TYPE(none.get());
    const auto call = only_place(type, [&](size_t offset) {
        void* word = word_at(none.get(), offset);
        return word && word == word_at(none_either.get(), offset) && word != word_at(some.get(), offset);
    });
    std::vector<void*> before;
    for (size_t offset = 0; offset < static_cast<size_t>(type->tp_basicsize); offset += sizeof(void*)) {
        before.push_back(word_at(none.get(), offset));
    }
    const Owned asked = Owned::steal(PyObject_CallNoArgs(none.get()));
    const auto misses =
        only_place(type, [&](size_t offset) { return word_at(none.get(), offset) != before[offset / sizeof(void*)]; });
    if (!call || !misses || !asked) return {};
    return {type, *call, *misses, word_at(none.get(), *call)};
}

const CacheLayout& layout() {
    static const CacheLayout kLayout = [] {
        const CacheLayout found = find_layout();
        PyErr_Clear();
        return found;
    }();
    return kLayout;
}

// SymPy lists the functions that ask its caches.
Owned listed_functions() {
    static PyObject* const kModule = PyUnicode_InternFromString("sympy.core.cache");
    const Owned module = Owned::steal(PyImport_GetModule(kModule));
    Owned list = module ? Owned::steal(PyObject_GetAttr(module.get(), interned<"CACHE">())) : Owned();
    PyErr_Clear();
    return list && PyList_Check(list.get()) ? std::move(list) : Owned();
}

}  // namespace

CachePause::CachePause(PyTypeObject* type) {
    if (!is_of_package(type, "sympy") || !layout().type) return;
    const Owned functions = listed_functions();
    if (!functions) return;
    paused_.reserve(static_cast<size_t>(PyList_GET_SIZE(functions.get())));
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(functions.get()); ++i) {
        PyObject* function = PyList_GET_ITEM(functions.get(), i);
        PyObject* attributes =
            PyFunction_Check(function) ? reinterpret_cast<PyFunctionObject*>(function)->func_dict : nullptr;
        PyObject* info = attributes ? PyDict_GetItemWithError(attributes, interned<"cache_info">()) : nullptr;
        if (info && PyCFunction_Check(info)) pause(PyCFunction_GET_SELF(info));
    }
    PyErr_Clear();
}

void CachePause::pause(PyObject* cache) {
    const CacheLayout& known = layout();
    if (!cache || Py_TYPE(cache) != known.type) return;
    Py_ssize_t misses = 0;
    std::memcpy(&misses, reinterpret_cast<char*>(cache) + known.misses, sizeof misses);
    paused_.push_back({Owned::share(cache), word_at(cache, known.call), misses});
    set_word(cache, known.call, known.uncached);
}

CachePause::~CachePause() {
    const CacheLayout& known = layout();
    // Last first: a function may be listed twice.
    for (auto one = paused_.rbegin(); one != paused_.rend(); ++one) {
        set_word(one->cache.get(), known.call, one->call);
        std::memcpy(reinterpret_cast<char*>(one->cache.get()) + known.misses, &one->misses, sizeof one->misses);
    }
}

}  // namespace tracemill::trace
