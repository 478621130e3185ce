#include "admission/library.h"

#include <cstring>

#include "python/interpreter_state.h"

namespace tracemill::admission {
namespace {

using python::Owned;

bool is_named(PyObject* object, const char* type_name) { return std::strcmp(Py_TYPE(object)->tp_name, type_name) == 0; }

class Walk {
  public:
    explicit Walk(Library& library) : library_(library) { seen_.reserve(1 << 17); }

    void run() {
        PyObject* codecs[3];
        tm_codec_registries(codecs);
        // Not what remembers which codecs were found: that is always the same.
        skip(codecs[1]);
        skip_found_codecs();
        for (PyObject* registry : {codecs[0], codecs[2]}) reach(registry);
        reach(PyImport_GetModuleDict());
        while (!pending_.empty()) {
            PyObject* object = pending_.back();
            pending_.pop_back();
            note(object);
            follow(object);
        }
    }

  private:
    static int reach_from(PyObject* object, void* walk) {
        static_cast<Walk*>(walk)->reach(object);
        return 0;
    }

    // The layers of standard streams are looked after by those who make them, and made anew when they were used.
    static bool is_stream(PyObject* object) { return std::strncmp(Py_TYPE(object)->tp_name, "_io.", 4) == 0; }

    void skip(PyObject* object) {
        if (object) seen_.insert(object);
    }

    void skip_found_codecs() {
        const Owned encodings = Owned::steal(PyImport_ImportModule("encodings"));
        if (encodings) skip(PyDict_GetItemString(PyModule_GetDict(encodings.get()), "_cache"));
        PyErr_Clear();
    }

    void reach(PyObject* object) {
        if (!object || is_stream(object) || !seen_.insert(object).second) return;
        pending_.push_back(object);
    }

    void note(PyObject* object) {
        if (PyDict_Check(object)) {
            library_.dicts.push_back(Owned::share(object));
        } else if (PyType_Check(object)) {
            const auto* type = reinterpret_cast<PyTypeObject*>(object);
            const bool changeable =
                (type->tp_flags & Py_TPFLAGS_HEAPTYPE) && !(type->tp_flags & Py_TPFLAGS_IMMUTABLETYPE);
            if (changeable) library_.types.push_back(Owned::share(object));
        } else if (!PyModule_Check(object)) {
            library_.objects.insert(object);
            if (!PyFunction_Check(object)) reach(instance_dict(object));
        }
    }

    // Borrowed; NULL = it has none.
    static PyObject* instance_dict(PyObject* object) {
        if (!tm_has_instance_dict(Py_TYPE(object))) return nullptr;
        tm_detach_instance_dict(object);
        const Owned dict = Owned::steal(PyObject_GenericGetDict(object, nullptr));
        if (!dict) PyErr_Clear();
        return dict.get();
    }

    void follow(PyObject* object) {
        // What runs cannot be compared, code cannot be changed, and a static type holds nothing of a program.
        if (PyFrame_Check(object) || PyGen_Check(object) || PyCoro_CheckExact(object) || PyCode_Check(object)) return;
        // What an abstract class remembers of isinstance() makes no difference.
        if (is_named(object, "_abc._abc_data")) return;
        PyTypeObject* type = Py_TYPE(object);
        if (!PyType_IS_GC(type) || !type->tp_traverse) return;
        if (PyType_Check(object) && !(reinterpret_cast<PyTypeObject*>(object)->tp_flags & Py_TPFLAGS_HEAPTYPE)) return;
        if (is_named(object, "functools._lru_cache_wrapper")) return follow_cache(object);
        type->tp_traverse(object, reach_from, this);
    }

    // The dict of its results is reported just before the wrapped function, and both after the results.
    struct CacheParts {
        PyObject* function;
        PyObject* before = nullptr;
        PyObject* dict = nullptr;
    };

    static int find_cache(PyObject* object, void* found) {
        auto& parts = *static_cast<CacheParts*>(found);
        if (object == parts.function && parts.before && PyDict_CheckExact(parts.before)) parts.dict = parts.before;
        parts.before = object;
        return 0;
    }

    // What a cache holds is no state of the library: it is forgotten.
    void follow_cache(PyObject* cache) {
        const Owned function = Owned::steal(PyObject_GetAttrString(cache, "__wrapped__"));
        if (!function) return PyErr_Clear();
        reach(function.get());
        CacheParts parts{.function = function.get()};
        Py_TYPE(cache)->tp_traverse(cache, find_cache, &parts);
        if (!parts.dict) return;
        seen_.insert(parts.dict);
        library_.caches.push_back({Owned::share(cache), Owned::share(parts.dict)});
    }

    Library& library_;
    std::unordered_set<PyObject*> seen_;
    std::vector<PyObject*> pending_;  // borrowed: nothing dies while we walk
};

}  // namespace

Library find_library() {
    Library library;
    Walk(library).run();
    return library;
}

}  // namespace tracemill::admission
