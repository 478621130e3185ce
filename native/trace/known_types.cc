#include "trace/known_types.h"

#include <string>
#include <unordered_map>

#include "python/ordered_dict.h"
#include "python/ref.h"
#include "trace/array_view.h"

namespace tracemill::trace {
namespace {

using python::Owned;

std::unordered_map<PyTypeObject*, KnownType>& types() {
    static std::unordered_map<PyTypeObject*, KnownType> s_types;
    return s_types;
}

void know(PyTypeObject* type, KnownType kind) {
    if (type) types().emplace(type, kind);
}

void import(const char* module, const char* name, KnownType kind) {
    const Owned imported = Owned::steal(PyImport_ImportModule(module));
    PyObject* type = imported ? PyObject_GetAttrString(imported.get(), name) : nullptr;  // kept for ever
    PyErr_Clear();
    if (type && PyType_Check(type)) know(reinterpret_cast<PyTypeObject*>(type), kind);
}

}  // namespace

void know_types() {
    know(array_type(), KnownType::kArray);
    know(&PyCFunction_Type, KnownType::kBuiltinFunction);
    know(&PyComplex_Type, KnownType::kComplex);
    know(&PyDictKeys_Type, KnownType::kDictView);
    know(&PyDictValues_Type, KnownType::kDictView);
    know(&PyDictItems_Type, KnownType::kDictView);
    know(&PyFunction_Type, KnownType::kFunction);
    know(&PyGen_Type, KnownType::kGenerator);
    know(&PyCoro_Type, KnownType::kGenerator);
    know(&PyAsyncGen_Type, KnownType::kGenerator);
    know(&PyDictProxy_Type, KnownType::kMappingProxy);
    know(&PyMethod_Type, KnownType::kMethod);
    know(&PyRange_Type, KnownType::kRange);
    know(&PySlice_Type, KnownType::kSlice);
    import("types", "SimpleNamespace", KnownType::kNamespace);
    import("_collections", "deque", KnownType::kDeque);
    import("_collections", "defaultdict", KnownType::kDefaultDict);
    import("functools", "partial", KnownType::kPartial);
    import("collections", "Counter", KnownType::kCounter);
    import("collections", "ChainMap", KnownType::kChainMap);
    for (const char* name : {"UserDict", "UserList", "UserString"}) import("collections", name, KnownType::kUserData);
    if (!tm_check_ordered_dict()) return;
    know(&PyODict_Type, KnownType::kOrderedDict);
    know(&PyODictKeys_Type, KnownType::kDictView);
    know(&PyODictValues_Type, KnownType::kDictView);
    know(&PyODictItems_Type, KnownType::kDictView);
}

KnownType known_type(PyTypeObject* type) {
    const auto found = types().find(type);
    return found == types().end() ? KnownType::kNone : found->second;
}

KnownType known_base(PyTypeObject* type) {
    for (type = type->tp_base; type; type = type->tp_base) {
        const KnownType known = known_type(type);
        if (known != KnownType::kNone) return known;
    }
    return KnownType::kNone;
}

PyObject* stored_member(PyObject* object, const char* name) {
    // Asked of the type that C defined: a subclass may have an attribute of that name.
    static std::unordered_map<std::string, PyObject*> s_names;
    PyObject*& interned = s_names[name];
    if (!interned) interned = PyUnicode_InternFromString(name);
    for (PyTypeObject* type = Py_TYPE(object); type && interned; type = type->tp_base) {
        if (known_type(type) == KnownType::kNone) continue;
        PyObject* attributes = tm_type_attributes(type);
        PyObject* member = attributes ? PyDict_GetItemWithError(attributes, interned) : nullptr;
        const descrgetfunc get = member ? Py_TYPE(member)->tp_descr_get : nullptr;
        PyObject* value = get ? get(member, object, reinterpret_cast<PyObject*>(type)) : nullptr;
        PyErr_Clear();
        if (!value || Py_REFCNT(value) < 2) {
            Py_XDECREF(value);
            return nullptr;
        }
        Py_DECREF(value);
        return value;
    }
    return nullptr;
}

}  // namespace tracemill::trace
