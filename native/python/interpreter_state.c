#define Py_BUILD_CORE 1
#include "python/interpreter_state.h"

#include "internal/pycore_interp.h"
#include "internal/pycore_pystate.h"
#include "internal/pycore_runtime.h"

#include <string.h>

static unsigned long* switch_interval(PyInterpreterState* interpreter) {
#if PY_VERSION_HEX >= 0x030c0000
    return &interpreter->ceval.gil->interval;
#else
    (void)interpreter;
    return &_PyRuntime.ceval.gil.interval;
#endif
}

static int* int_digits(PyInterpreterState* interpreter) {
#if PY_VERSION_HEX >= 0x030c0000
    return &interpreter->long_state.max_str_digits;
#else
    return &interpreter->int_max_str_digits;
#endif
}

static int open_flags(PyInterpreterState* interpreter) {
#if PY_VERSION_HEX >= 0x030c0000
    return interpreter->imports.dlopenflags;
#else
    return interpreter->dlopenflags;
#endif
}

// As bits of tool ids.
static int monitoring_tools(PyInterpreterState* interpreter) {
    int tools = 0;
#if PY_VERSION_HEX >= 0x030c0000
    // The last two are those of sys.settrace and sys.setprofile.
    for (int id = 0; id < PY_MONITORING_TOOL_IDS - 2; ++id) {
        if (interpreter->monitoring_tool_names[id]) tools |= 1 << id;
    }
#else
    (void)interpreter;
#endif
    return tools;
}

int tm_count_threads(void) {
    int count = 0;
    for (PyThreadState* at = PyInterpreterState_ThreadHead(PyInterpreterState_Get()); at; at = PyThreadState_Next(at))
        ++count;
    return count;
}

void tm_set_ending(int ending) {
#if PY_VERSION_HEX >= 0x030c0000 && PY_VERSION_HEX < 0x030d0000
    PyInterpreterState_Get()->finalizing = ending;
#else
    (void)ending;
#endif
}

void tm_forget_fork_handlers(void) {
    PyInterpreterState* interpreter = PyInterpreterState_Get();
    Py_CLEAR(interpreter->before_forkers);
    Py_CLEAR(interpreter->after_forkers_parent);
    Py_CLEAR(interpreter->after_forkers_child);
}

static void read_calls_left(const PyThreadState* thread, int calls_left[2]) {
#if PY_VERSION_HEX >= 0x030c0000
    calls_left[0] = thread->py_recursion_remaining;
    calls_left[1] = thread->c_recursion_remaining;
#else
    calls_left[0] = thread->recursion_remaining;
    calls_left[1] = 0;
#endif
}

static void write_calls_left(PyThreadState* thread, const int calls_left[2]) {
#if PY_VERSION_HEX >= 0x030c0000
    thread->py_recursion_remaining = calls_left[0];
    thread->c_recursion_remaining = calls_left[1];
#else
    thread->recursion_remaining = calls_left[0];
#endif
}

void tm_read_settings(tm_settings* settings) {
    PyThreadState* thread = PyThreadState_Get();
    PyInterpreterState* interpreter = thread->interp;
    memset(settings, 0, sizeof *settings);
    for (int i = 0; i < 3; ++i) settings->gc_thresholds[i] = interpreter->gc.generations[i].threshold;
    settings->gc_enabled = interpreter->gc.enabled;
    settings->gc_debug = interpreter->gc.debug;
    settings->int_digits = *int_digits(interpreter);
    settings->coroutine_origin_depth = thread->coroutine_origin_tracking_depth;
    read_calls_left(thread, settings->calls_left);
    settings->switch_interval = *switch_interval(interpreter);
    settings->open_flags = open_flags(interpreter);
    settings->monitoring_tools = monitoring_tools(interpreter);
    settings->threads = tm_count_threads();
    settings->audit_hooks = interpreter->audit_hooks;
    settings->profiler = (const void*)thread->c_profilefunc;
    settings->frozen = (const void*)interpreter->gc.permanent_generation.head._gc_prev;
    settings->async_generator_hooks[0] = thread->async_gen_firstiter;
    settings->async_generator_hooks[1] = thread->async_gen_finalizer;
}

void tm_write_settings(const tm_settings* settings) {
    PyThreadState* thread = PyThreadState_Get();
    PyInterpreterState* interpreter = thread->interp;
    for (int i = 0; i < 3; ++i) interpreter->gc.generations[i].threshold = settings->gc_thresholds[i];
    interpreter->gc.enabled = settings->gc_enabled;
    interpreter->gc.debug = settings->gc_debug;
    *int_digits(interpreter) = settings->int_digits;
    thread->coroutine_origin_tracking_depth = settings->coroutine_origin_depth;
    write_calls_left(thread, settings->calls_left);
    *switch_interval(interpreter) = settings->switch_interval;
}

void tm_codec_registries(PyObject* registries[3]) {
    PyInterpreterState* interpreter = PyThreadState_Get()->interp;
#if PY_VERSION_HEX >= 0x030d0000
    registries[0] = interpreter->codecs.search_path;
    registries[1] = interpreter->codecs.search_cache;
    registries[2] = interpreter->codecs.error_registry;
#else
    registries[0] = interpreter->codec_search_path;
    registries[1] = interpreter->codec_search_cache;
    registries[2] = interpreter->codec_error_registry;
#endif
}

int tm_has_instance_dict(PyTypeObject* type) {
    return type->tp_dictoffset != 0 || (type->tp_flags & Py_TPFLAGS_MANAGED_DICT) != 0;
}

void tm_detach_instance_dict(PyObject* object) {
#if PY_VERSION_HEX >= 0x030d0000
    if (!(Py_TYPE(object)->tp_flags & Py_TPFLAGS_INLINE_VALUES)) return;
    PyObject* attributes = PyObject_GenericGetDict(object, NULL);
    PyObject* copy = attributes ? PyDict_Copy(attributes) : NULL;
    PyObject* name = PyUnicode_InternFromString("__dict__");
    // Past a __setattr__ of the class.
    if (copy && name) PyObject_GenericSetAttr(object, name, copy);
    Py_XDECREF(name);
    Py_XDECREF(copy);
    Py_XDECREF(attributes);
    PyErr_Clear();
#else
    (void)object;
#endif
}
