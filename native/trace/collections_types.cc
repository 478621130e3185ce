#include "trace/collections_types.h"

#include "python/ref.h"

namespace tracemill::trace {
namespace {

using python::Owned;

PyTypeObject* type_named(PyObject* module, const char* name) {
    PyObject* type = module ? PyObject_GetAttrString(module, name) : nullptr;
    if (!type) PyErr_Clear();
    return reinterpret_cast<PyTypeObject*>(type);
}

CollectionsTypes import_types() {
    const Owned module = Owned::steal(PyImport_ImportModule("_collections"));
    return {type_named(module.get(), "deque"), type_named(module.get(), "defaultdict")};
}

}  // namespace

const CollectionsTypes& collections_types() {
    static const CollectionsTypes kTypes = import_types();
    return kTypes;
}

Py_ssize_t deque_bound(PyObject* deque) {
    const Owned bound = Owned::steal(PyObject_GetAttrString(deque, "maxlen"));
    const Py_ssize_t size = bound && PyLong_CheckExact(bound.get()) ? PyLong_AsSsize_t(bound.get()) : -1;
    PyErr_Clear();
    return size;
}

PyObject* default_factory(PyObject* dict) {
    PyObject* factory = PyObject_GetAttrString(dict, "default_factory");
    PyErr_Clear();
    return factory;
}

}  // namespace tracemill::trace
