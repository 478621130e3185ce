#include "admission/exposed.h"

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "python/interpreter_state.h"

namespace tracemill::admission {
namespace {

using python::Owned;

bool is_plain(PyObject* value) {
    return value == Py_None || value == Py_Ellipsis || value == Py_NotImplemented || PyBool_Check(value) ||
           PyLong_CheckExact(value) || PyFloat_CheckExact(value) || PyComplex_CheckExact(value) ||
           PyUnicode_CheckExact(value) || PyBytes_CheckExact(value) || PyFrozenSet_CheckExact(value);
}

// Parts of classes, which attributes bind to the program's own objects.
bool is_part(PyObject* value) {
    PyTypeObject* type = Py_TYPE(value);
    return PyFunction_Check(value) || PyCFunction_Check(value) || PyMethod_Check(value) ||
           type == &PyMethodDescr_Type || type == &PyWrapperDescr_Type || type == &PyGetSetDescr_Type ||
           type == &PyMemberDescr_Type || type == &PyClassMethodDescr_Type ||
           PyObject_TypeCheck(value, &PyClassMethod_Type) || PyObject_TypeCheck(value, &PyStaticMethod_Type);
}

// Of C: nothing of theirs changes but what barriers and the trip-wire are about. Whatever else is written in C may be
// changed in ways of its own.
constexpr const char* kSteady[] = {
    "_io.TextIOWrapper",  "datetime.date",      "datetime.datetime", "datetime.time",
    "datetime.timedelta", "datetime.timezone",  "functools.partial", "object",
    "property",           "re.Pattern",         "sys.float_info",    "sys.int_info",
    "sys.version_info",   "types.GenericAlias", "types.UnionType",   "typing.TypeVar",
};

bool is_named_steady(const PyTypeObject* type) {
    const auto is_it = [type](const char* name) { return std::strcmp(type->tp_name, name) == 0; };
    return std::any_of(std::begin(kSteady), std::end(kSteady), is_it);
}

// How instances of classes written in Python end.
destructor end_of_instances() {
    static const destructor kEnd = [] {
        const Owned module = Owned::steal(PyImport_ImportModule("abc"));
        const Owned type = module ? Owned::steal(PyObject_GetAttrString(module.get(), "ABC")) : Owned();
        PyErr_Clear();
        return type ? reinterpret_cast<PyTypeObject*>(type.get())->tp_dealloc : nullptr;
    }();
    return kEnd;
}

// Classes written in Python keep all that can be changed in attributes, but for what the type of C has that they derive
// from.
bool is_steady(PyObject* value) {
    if (PyTuple_CheckExact(value)) {
        bool steady = true;
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(value); ++i)
            steady = steady && is_steady(PyTuple_GET_ITEM(value, i));
        return steady;
    }
    if (is_plain(value) || is_part(value) || PyType_Check(value) || PyModule_Check(value)) return true;
    const PyTypeObject* type = Py_TYPE(value);
    while (type->tp_dealloc == end_of_instances() && type->tp_base) type = type->tp_base;
    return type == &PyBaseObject_Type || type == &PyLong_Type || type == &PyUnicode_Type || is_named_steady(type);
}

bool is_instance(PyObject* value) {
    return !is_plain(value) && !is_part(value) && !PyType_Check(value) && !PyModule_Check(value);
}

// Made anew for every program: sys.argv, and what the functions of `random` draw from.
bool is_programs_own(PyObject* name) {
    return PyUnicode_CompareWithASCIIString(name, "argv") == 0 || PyUnicode_CompareWithASCIIString(name, "_inst") == 0;
}

class Search {
  public:
    Search(NameTable& names, Exposed& exposed) : names_(names), exposed_(exposed) {}

    void run() {
        for (const Owned& module : names_.modules()) {
            if (module) reach(module.get());
        }
        // Those that every program has, such as `exit`.
        PyObject *name, *value;
        for (Py_ssize_t at = 0; PyDict_Next(PyEval_GetBuiltins(), &at, &name, &value);) {
            if (is_instance(value)) exposed_.instances.push_back(Owned::share(value));
        }
        while (!pending_.empty()) {
            const Owned object = std::move(pending_.back());
            pending_.pop_back();
            follow(object.get());
        }
        PyErr_Clear();
    }

  private:
    void reach(PyObject* object) {
        if (!object || is_plain(object) || !seen_.insert(object).second) return;
        pending_.push_back(Owned::share(object));
    }

    int number_of(PyObject* module) const {
        const auto& modules = names_.modules();
        const auto is_it = [&](const Owned& one) { return one.get() == module; };
        const auto found = std::find_if(modules.begin(), modules.end(), is_it);
        return found == modules.end() ? -1 : static_cast<int>(found - modules.begin());
    }

    void follow(PyObject* object) {
        if (PyModule_Check(object)) return follow_module(object);
        if (PyType_Check(object)) return follow_class(reinterpret_cast<PyTypeObject*>(object));
        if (PyFunction_Check(object)) return follow_dict(reinterpret_cast<PyFunctionObject*>(object)->func_dict);
        if (PyTuple_Check(object)) {
            for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(object); ++i) reach(PyTuple_GET_ITEM(object, i));
        }
        if (!is_part(object) && !PyTuple_Check(object)) exposed_.instances.push_back(Owned::share(object));
        follow_class(Py_TYPE(object));
        if (!tm_has_instance_dict(Py_TYPE(object))) return;
        const Owned dict = Owned::steal(PyObject_GenericGetDict(object, nullptr));
        if (dict) follow_dict(dict.get());
        PyErr_Clear();
    }

    void follow_module(PyObject* module) {
        const int number = number_of(module);
        if (number < 0) return exposed_.strange_modules.push_back(Owned::share(module));
        PyObject *name, *value;
        for (Py_ssize_t at = 0; PyDict_Next(PyModule_GetDict(module), &at, &name, &value);) {
            if (is_programs_own(name)) continue;
            const bool given = names_.use_of(name).given >> number & 1;
            if (!is_steady(value)) exposed_.unsteady.push_back(Owned::share(value));
            if (is_steady(value) && given) {
                reach(value);
            } else if (given) {
                names_.take_back(name, number);
            } else if (is_steady(value) && is_instance(value)) {
                // What functions of the module may hand out.
                exposed_.instances.push_back(Owned::share(value));
            }
        }
    }

    void follow_class(PyTypeObject* type) {
        if (!type->tp_mro) return;
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(type->tp_mro); ++i) {
            auto* base = reinterpret_cast<PyTypeObject*>(PyTuple_GET_ITEM(type->tp_mro, i));
            // Static types are the interpreter's own: what they hold cannot be changed.
            if (!(base->tp_flags & Py_TPFLAGS_HEAPTYPE)) continue;
            if (seen_types_.insert(base).second)
                exposed_.types.push_back(Owned::share(reinterpret_cast<PyObject*>(base)));
            follow_dict(base->tp_dict);
        }
    }

    void follow_dict(PyObject* dict) {
        if (!dict) return;
        PyObject *name, *value;
        for (Py_ssize_t at = 0; PyDict_Next(dict, &at, &name, &value);) {
            if (PyUnicode_CheckExact(name) && PyUnicode_CHECK_INTERNED(name)) reach_by(name, value);
        }
    }

    void reach_by(PyObject* name, PyObject* value) {
        if (names_.use_of(name).refused & NameUse::kAttribute) return;
        if (is_steady(value)) return reach(value);
        names_.refuse_attribute(name);
        exposed_.unsteady.push_back(Owned::share(value));
    }

    NameTable& names_;
    Exposed& exposed_;
    std::unordered_set<PyObject*> seen_;
    std::unordered_set<PyTypeObject*> seen_types_;
    std::vector<Owned> pending_;
};

}  // namespace

Exposed find_exposed(NameTable& names) {
    Exposed exposed;
    Search(names, exposed).run();
    return exposed;
}

}  // namespace tracemill::admission
