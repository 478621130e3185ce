#define Py_BUILD_CORE 1
#include "python/frame_access.h"

#include "internal/pycore_code.h"
#include "internal/pycore_frame.h"

static PyCodeObject* code_of(const _PyInterpreterFrame* inner) {
#if PY_VERSION_HEX >= 0x030d0000
    return (PyCodeObject*)inner->f_executable;
#else
    return inner->f_code;
#endif
}

PyCodeObject* tm_frame_code(PyFrameObject* frame) { return code_of(frame->f_frame); }

void tm_view_frame(PyFrameObject* frame, tm_frame_view* view) {
    _PyInterpreterFrame* inner = frame->f_frame;
    view->code = code_of(inner);
    view->slots = inner->localsplus;
    view->namespace_ = inner->f_locals;
    view->globals = inner->f_globals;
#if PY_VERSION_HEX >= 0x030c0000
    view->function = inner->f_funcobj;
#else
    view->function = (PyObject*)inner->f_func;
#endif
    view->last_instruction = _PyInterpreterFrame_LASTI(inner);
}

PyObject* tm_globals_of(_PyInterpreterFrame* frame) { return frame->f_globals; }

void tm_set_line_events(PyFrameObject* frame, int wanted) { frame->f_trace_lines = (char)wanted; }

int tm_first_traceable(PyCodeObject* code) { return code->_co_firsttraceable; }

PyObject* tm_slot_names(PyCodeObject* code) { return code->co_localsplusnames; }
PyObject* tm_slot_kinds(PyCodeObject* code) { return code->co_localspluskinds; }
int tm_slot_count(PyCodeObject* code) { return code->co_nlocalsplus; }
