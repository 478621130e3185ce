#define Py_BUILD_CORE 1
#include "python/frame_access.h"

#include "python/frame_view.h"

PyCodeObject* tm_frame_code(PyFrameObject* frame) { return tm_code_of(frame->f_frame); }

PyObject* tm_globals_of(_PyInterpreterFrame* frame) { return frame->f_globals; }

void tm_set_line_events(PyFrameObject* frame, int wanted) { frame->f_trace_lines = (char)wanted; }

int tm_first_traceable(PyCodeObject* code) { return code->_co_firsttraceable; }

PyObject* tm_slot_names(PyCodeObject* code) { return code->co_localsplusnames; }
PyObject* tm_slot_kinds(PyCodeObject* code) { return code->co_localspluskinds; }
int tm_slot_count(PyCodeObject* code) { return code->co_nlocalsplus; }
