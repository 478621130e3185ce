#include "trace/tracing_lock.h"

#include "python/error.h"
#include "trace/containment.h"
#include "trace/run_state.h"

#include <frameobject.h>

namespace tracemill::trace {
namespace {

using python::Owned;

PyObject* set_trace(PyObject*, PyObject* function) {
    if (function == Py_None) Py_RETURN_NONE;
    contained(-1, [] { return refuse(current_run(), "sys.settrace"); });
    return nullptr;
}

PyMethodDef s_set_trace = {"settrace", set_trace, METH_O, "Set the global debug tracing function."};
PyMethodDef s_set_all = {"_settraceallthreads", set_trace, METH_O,
                         "Set the global debug tracing function in all threads."};

// Attributes of a frame that a trace function sets, with the names of their refusal.
constexpr const char* kFrameAttributes[] = {"f_trace", "f_trace_lines", "f_trace_opcodes", "f_lineno"};

// Reads like the attribute it stands for, and cannot be written.
struct FrameAttribute {
    PyObject_HEAD PyObject* original;
    const char* name;
};

PyObject* read_attribute(PyObject* self, PyObject* frame, PyObject* type) {
    PyObject* original = reinterpret_cast<FrameAttribute*>(self)->original;
    return Py_TYPE(original)->tp_descr_get(original, frame, type);
}

int refuse_attribute(PyObject* self, PyObject*, PyObject*) {
    return contained(-1, [&] {
        const std::string name = std::string("frame.") + reinterpret_cast<FrameAttribute*>(self)->name;
        return refuse(current_run(), name);
    });
}

PyType_Slot s_slots[] = {
    {Py_tp_descr_get, reinterpret_cast<void*>(read_attribute)},
    {Py_tp_descr_set, reinterpret_cast<void*>(refuse_attribute)},
    {0, nullptr},
};

PyType_Spec s_spec = {"tracemill.FrameAttribute", sizeof(FrameAttribute), 0,
                      Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE, s_slots};

bool lock_frames() {
    PyObject* attributes = tm_type_attributes(&PyFrame_Type);  // borrowed
    const Owned type = Owned::steal(PyType_FromSpec(&s_spec));
    if (!type) return false;
    for (const char* name : kFrameAttributes) {
        PyObject* original = PyDict_GetItemString(attributes, name);
        auto* locked = original ? PyObject_New(FrameAttribute, reinterpret_cast<PyTypeObject*>(type.get())) : nullptr;
        if (!locked) return false;
        locked->original = Py_NewRef(original);
        locked->name = name;
        const Owned descriptor = Owned::steal(reinterpret_cast<PyObject*>(locked));
        if (PyDict_SetItemString(attributes, name, descriptor.get()) != 0) return false;
    }
    PyType_Modified(&PyFrame_Type);
    return true;
}

// In `sys`, where this Python has it.
bool replace_function(PyMethodDef& method) {
    if (!PySys_GetObject(method.ml_name)) return true;
    const Owned function = Owned::steal(PyCFunction_New(&method, nullptr));
    return function && PySys_SetObject(method.ml_name, function.get()) == 0;
}

}  // namespace

std::string lock_tracing() {
    if (replace_function(s_set_trace) && replace_function(s_set_all) && lock_frames()) return std::string();
    return "cannot lock tracing: " + python::take_error_text();
}

}  // namespace tracemill::trace
