#include "python/finalizing.h"

static PyCFunction s_is_finalizing;
static int s_finalizing;

static PyObject* is_finalizing(PyObject* module, PyObject* unused) {
    if (s_finalizing) Py_RETURN_TRUE;
    return s_is_finalizing(module, unused);
}

int tm_watch_finalizing(void) {
    PyObject* function = PySys_GetObject("is_finalizing");  // borrowed
    if (!function || !PyCFunction_CheckExact(function)) return 0;
    PyMethodDef* definition = ((PyCFunctionObject*)function)->m_ml;
    if (definition->ml_flags != METH_NOARGS) return 0;
    s_is_finalizing = definition->ml_meth;
    definition->ml_meth = is_finalizing;
    return 1;
}

void tm_set_finalizing(int finalizing) { s_finalizing = finalizing; }
