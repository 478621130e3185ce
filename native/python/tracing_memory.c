#define Py_BUILD_CORE 1
#include "python/tracing_memory.h"

#include "internal/pycore_code.h"
#include "internal/pycore_frame.h"

#include <stddef.h>

_Static_assert(offsetof(PyFrameObject, _f_frame_data) + offsetof(_PyInterpreterFrame, localsplus) >= TM_LEAST_FRAME_BYTES - 16,
               "a frame object may be smaller");

static struct _PyInterpreterFrame* innermost(const PyThreadState* thread) {
#if PY_VERSION_HEX >= 0x030d0000
    return thread->current_frame;
#else
    return thread->cframe->current_frame;
#endif
}

// A frame has its object from its first event on. What happens in a frame before that event is its prologue (cells, the
// object of a generator), which is the program's and for which the frame is incomplete.
int tm_allocates_for_tracing(void) {
    const PyThreadState* thread = tm_unchecked_thread();
    if (!thread || !thread->c_tracefunc || thread->tracing != 0) return 0;
    struct _PyInterpreterFrame* frame = innermost(thread);
    return frame && !frame->frame_obj && !_PyFrame_IsIncomplete(frame);
}
