#define Py_BUILD_CORE 1
#include "python/threads.h"

#include "internal/pycore_interp.h"
#include "internal/pycore_pystate.h"

#include <unistd.h>

PyThreadState* tm_newest_thread(void) { return PyInterpreterState_ThreadHead(PyInterpreterState_Get()); }

void tm_trace_new_thread(PyThreadState* thread, Py_tracefunc hook) {
    thread->c_tracefunc = hook;
#if PY_VERSION_HEX >= 0x030c0000
    ++thread->interp->sys_tracing_threads;
#else
    _PyThreadState_UpdateTracingState(thread);
#endif
}

void tm_park_thread(void) {
    PyEval_SaveThread();
    for (;;) pause();
}

static int (*s_starting)(void);
static void (*s_started)(PyThreadState* thread);
static PyCFunction s_start_new_thread;
static PyCFunction s_start_new;
#if PY_VERSION_HEX >= 0x030d0000
static PyCFunctionWithKeywords s_start_joinable_thread;
#endif

// What a function that starts threads gave back. The new thread waits for the GIL, which the caller has held since
// before it was made.
static PyObject* watched(const PyThreadState* newest_before, PyObject* result) {
    PyThreadState* newest = tm_newest_thread();
    if (result && newest != newest_before && !newest->c_tracefunc) s_started(newest);
    return result;
}

static PyObject* start_new_thread(PyObject* module, PyObject* args) {
    if (s_starting() != 0) return NULL;
    const PyThreadState* before = tm_newest_thread();
    return watched(before, s_start_new_thread(module, args));
}

static PyObject* start_new(PyObject* module, PyObject* args) {
    if (s_starting() != 0) return NULL;
    const PyThreadState* before = tm_newest_thread();
    return watched(before, s_start_new(module, args));
}

#if PY_VERSION_HEX >= 0x030d0000
static PyObject* start_joinable_thread(PyObject* module, PyObject* args, PyObject* keywords) {
    if (s_starting() != 0) return NULL;
    const PyThreadState* before = tm_newest_thread();
    return watched(before, s_start_joinable_thread(module, args, keywords));
}
#endif

typedef void (*AnyFunction)(void);

// In the function's own definition. NULL where it is not as expected.
static AnyFunction replace(PyObject* module, const char* name, int flags, AnyFunction replacement) {
    PyObject* found = PyObject_GetAttrString(module, name);
    AnyFunction original = NULL;
    if (found && PyCFunction_CheckExact(found)) {
        PyMethodDef* definition = ((PyCFunctionObject*)found)->m_ml;
        if (definition->ml_flags == flags) {
            original = (AnyFunction)definition->ml_meth;
            definition->ml_meth = (PyCFunction)replacement;
        }
    }
    Py_XDECREF(found);
    PyErr_Clear();
    return original;
}

int tm_watch_thread_starts(int (*starting)(void), void (*started)(PyThreadState* thread)) {
    s_starting = starting;
    s_started = started;
    PyObject* module = PyImport_ImportModule("_thread");
    PyErr_Clear();
    if (!module) return 0;
    s_start_new_thread = (PyCFunction)replace(module, "start_new_thread", METH_VARARGS, (AnyFunction)start_new_thread);
    s_start_new = (PyCFunction)replace(module, "start_new", METH_VARARGS, (AnyFunction)start_new);
    int done = s_start_new_thread && s_start_new;
#if PY_VERSION_HEX >= 0x030d0000
    const int flags = METH_VARARGS | METH_KEYWORDS;
    s_start_joinable_thread =
        (PyCFunctionWithKeywords)replace(module, "start_joinable_thread", flags, (AnyFunction)start_joinable_thread);
    done = done && s_start_joinable_thread;
#endif
    Py_DECREF(module);
    return done;
}
