#define Py_BUILD_CORE 1
#include "python/tracing_memory.h"

#include "python/frame_view.h"

#include <stddef.h>

#if PY_VERSION_HEX < 0x030c0000
#define FRAME_OWNED_BY_CSTACK 3  // from 3.12 on
#endif

_Static_assert(offsetof(PyFrameObject, _f_frame_data) + offsetof(_PyInterpreterFrame, localsplus) >=
                   TM_LEAST_FRAME_BYTES - 16,
               "a frame object may be smaller");

static struct _PyInterpreterFrame* innermost(const PyThreadState* thread) {
#if PY_VERSION_HEX >= 0x030d0000
    return thread->current_frame;
#else
    return thread->cframe->current_frame;
#endif
}

// CPython asks for both at the instruction where a frame reports that it was called: what comes before it is the
// frame's prologue (cells, the object of a generator), what comes after it finds the object there. A program's own
// profiler may be called from there, but runs in frames that are elsewhere.
int tm_allocates_for_tracing(void) {
    const PyThreadState* thread = tm_unchecked_thread();
    if (!thread || !thread->c_tracefunc) return 0;
    struct _PyInterpreterFrame* frame = innermost(thread);
    if (!frame || frame->frame_obj || frame->owner == FRAME_OWNED_BY_CSTACK) return 0;
    return _PyInterpreterFrame_LASTI(frame) == tm_code_of(frame)->_co_firsttraceable;
}
