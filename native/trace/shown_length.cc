#include "trace/shown_length.h"

#include "trace/known_types.h"

namespace tracemill::trace {

Py_ssize_t shown_length(PyObject* object) {
    PyTypeObject* type = Py_TYPE(object);
    if (type == &PyUnicode_Type) return PyUnicode_GET_LENGTH(object);
    if (type == &PyList_Type || type == &PyTuple_Type || type == &PyBytes_Type || type == &PyByteArray_Type) {
        return Py_SIZE(object);
    }
    if (type == &PyDict_Type) return PyDict_GET_SIZE(object);
    if (type == &PySet_Type || type == &PyFrozenSet_Type) return PySet_GET_SIZE(object);
    switch (known_type(type)) {
        case KnownType::kArray:
        case KnownType::kDeque:
            return Py_SIZE(object);
        case KnownType::kCounter:
        case KnownType::kDefaultDict:
        case KnownType::kOrderedDict:
            return PyDict_GET_SIZE(object);
        default:
            return -1;
    }
}

}  // namespace tracemill::trace
