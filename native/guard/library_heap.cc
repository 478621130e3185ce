#include "guard/library_heap.h"

#include <cstring>
#include <unordered_map>
#include <unordered_set>

#include "python/interpreter_state.h"
#include "python/slots.h"

namespace tracemill::guard {
namespace {

using python::Owned;

bool is_named(PyObject* object, const char* type_name) { return std::strcmp(Py_TYPE(object)->tp_name, type_name) == 0; }

bool derives_from(PyTypeObject* type, const char* name) {
    for (; type; type = type->tp_base) {
        if (std::strcmp(type->tp_name, name) == 0) return true;
    }
    return false;
}

bool has_slots(PyTypeObject* type) {
    const auto has_none = [](PyTypeObject* one) {
        return python::for_each_own_slot(one, [](const PyMemberDef&) { return false; });
    };
    while (type && has_none(type)) type = type->tp_base;
    return type != nullptr;
}

// Numbers and members of enumerations, of which modules name hundreds. A flag remembers its inverse.
bool is_constant(PyTypeObject* type) {
    const bool constant = PyType_FastSubclass(type, Py_TPFLAGS_LONG_SUBCLASS) || derives_from(type, "Enum");
    return constant && !derives_from(type, "Flag");
}

class Walk {
  public:
    explicit Walk(LibraryHeap& heap) : heap_(heap) { seen_.reserve(1 << 17); }

    void run() {
        PyObject* codecs[3];
        tm_codec_registries(codecs);
        for (PyObject* near : {codecs[0], codecs[1], codecs[2], PyThreadState_GetDict()}) {
            reach(near);
            near_.insert(near);
        }
        note_names();
        note_what_is_near();
        // Its dict is the interpreter's list of modules, and changes with every program's own.
        reach(PyImport_GetModuleDict());
        while (!pending_.empty()) {
            PyObject* object = pending_.back();
            pending_.pop_back();
            note(object);
            follow(object);
        }
        for (LibraryHeap::Dict& dict : heap_.dicts) {
            const auto type = types_of_dicts_.find(dict.dict.get());
            if (type != types_of_dicts_.end()) dict.type = type->second;
            dict.looked = looked(dict);
        }
    }

  private:
    Looked looked(const LibraryHeap::Dict& dict) const {
        if (near_.contains(dict.dict.get())) return Looked::kAfterEveryProgram;
        // Attributes of a class, a function, a constant, or an object that no module names: next to no program writes
        // there.
        return dict.type || remote_.contains(dict.dict.get()) ? Looked::kNowAndThen : Looked::kAfterImports;
    }

    // What a program has at hand without an import: built-in objects, with their attributes, and what looking for
    // modules and codecs leaves behind.
    void note_what_is_near() {
        for (const char* name : {"builtins", "sys", "encodings"}) {
            PyObject* module = PyDict_GetItemString(PyImport_GetModuleDict(), name);
            if (!module || !PyModule_Check(module)) continue;
            PyObject *key, *value;
            near_.insert(PyModule_GetDict(module));
            for (Py_ssize_t i = 0; PyDict_Next(PyModule_GetDict(module), &i, &key, &value);) {
                if (PyDict_Check(value)) near_.insert(value);
                if (is_instance(value)) near_.insert(instance_dict(value));
            }
        }
    }

    // The objects that modules name; what the import system knows of a module is no such object.
    void note_names() {
        PyObject *name, *module, *value;
        for (Py_ssize_t at = 0; PyDict_Next(PyImport_GetModuleDict(), &at, &name, &module);) {
            if (!PyModule_Check(module)) continue;
            for (Py_ssize_t i = 0; PyDict_Next(PyModule_GetDict(module), &i, &name, &value);) {
                const bool imports = PyUnicode_CompareWithASCIIString(name, "__spec__") == 0 ||
                                     PyUnicode_CompareWithASCIIString(name, "__loader__") == 0;
                if (!imports) named_.insert(value);
            }
        }
    }

    static int reach_from(PyObject* object, void* walk) {
        static_cast<Walk*>(walk)->reach(object);
        return 0;
    }

    // The layers of standard streams are looked after by those who make them, and made anew when they were used.
    static bool is_stream(PyObject* object) { return std::strncmp(Py_TYPE(object)->tp_name, "_io.", 4) == 0; }

    void reach(PyObject* object) {
        if (!object || is_stream(object) || !seen_.insert(object).second) return;
        pending_.push_back(object);
    }

    static bool is_mutable(PyTypeObject* type) {
        return (type->tp_flags & Py_TPFLAGS_HEAPTYPE) && !(type->tp_flags & Py_TPFLAGS_IMMUTABLETYPE);
    }

    void note(PyObject* object) {
        PyTypeObject* type = Py_TYPE(object);
        if (is_mutable(type) || PyModule_Check(object)) heap_.reclassed.push_back(Owned::share(object));
        if (PyDict_Check(object)) {
            heap_.dicts.push_back({Owned::share(object), nullptr});
        } else if (PyList_Check(object)) {
            heap_.lists.push_back(Owned::share(object));
        } else if (PySet_Check(object)) {
            heap_.sets.push_back(Owned::share(object));
        } else if (PyType_Check(object)) {
            note_type(reinterpret_cast<PyTypeObject*>(object));
        } else if (PyFunction_Check(object)) {
            note_function(object);
        } else if (PyCell_Check(object)) {
            heap_.cells.push_back(Owned::share(object));
        } else if (PyByteArray_Check(object)) {
            heap_.byte_arrays.push_back(Owned::share(object));
        } else if (is_named(object, "_thread.lock") || is_named(object, "_thread.RLock")) {
            heap_.locks.push_back(Owned::share(object));
        } else if (is_named(object, "itertools.count")) {
            heap_.counters.push_back(Owned::share(object));
        } else if (is_named(object, "decimal.Context")) {
            heap_.shown.push_back(Owned::share(object));
        } else if (derives_from(type, "_random.Random")) {
            heap_.random_numbers.push_back(Owned::share(object));
        }
        if (is_instance(object)) note_instance(object);
    }

    // Of no kind that is looked at in its own way.
    static bool is_instance(PyObject* object) {
        return !PyType_Check(object) && !PyModule_Check(object) && !PyFunction_Check(object);
    }

    void note_type(PyTypeObject* type) {
        if (!is_mutable(type)) return;
        heap_.types.push_back(Owned::share(reinterpret_cast<PyObject*>(type)));
        if (type->tp_dict) types_of_dicts_.emplace(type->tp_dict, type);
    }

    void note_function(PyObject* object) {
        heap_.functions.push_back(Owned::share(object));
        const auto* function = reinterpret_cast<PyFunctionObject*>(object);
        for (PyObject* dict : {function->func_kwdefaults, function->func_annotations, function->func_dict}) {
            if (dict) remote_.insert(dict);
        }
    }

    void note_instance(PyObject* object) {
        PyTypeObject* type = Py_TYPE(object);
        if (has_slots(type)) heap_.slotted.push_back(Owned::share(object));
        PyObject* dict = instance_dict(object);
        if (dict && (is_constant(type) || !named_.contains(object))) remote_.insert(dict);
        reach(dict);
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
        // What an abstract class remembers of isinstance() makes no difference; registrations are counted elsewhere.
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

    // Its results are no state of the library: they are forgotten when a program added to them.
    void follow_cache(PyObject* wrapper) {
        const Owned function = Owned::steal(PyObject_GetAttrString(wrapper, "__wrapped__"));
        if (!function) return PyErr_Clear();
        reach(function.get());
        CacheParts parts{.function = function.get()};
        Py_TYPE(wrapper)->tp_traverse(wrapper, find_cache, &parts);
        if (!parts.dict) return;
        seen_.insert(parts.dict);
        heap_.caches.push_back({Owned::share(wrapper), Owned::share(parts.dict)});
    }

    LibraryHeap& heap_;
    std::unordered_set<PyObject*> seen_;
    std::vector<PyObject*> pending_;  // borrowed: nothing dies while we walk
    std::unordered_set<PyObject*> named_;
    std::unordered_set<PyObject*> near_;    // dicts
    std::unordered_set<PyObject*> remote_;  // dicts
    std::unordered_map<PyObject*, PyTypeObject*> types_of_dicts_;
};

}  // namespace

LibraryHeap walk_library() {
    LibraryHeap heap;
    Walk(heap).run();
    return heap;
}

}  // namespace tracemill::guard
