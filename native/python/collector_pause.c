#define Py_BUILD_CORE 1
#include "python/collector_pause.h"

#include "internal/pycore_ceval.h"
#include "internal/pycore_gc.h"
#include "internal/pycore_interp.h"
#include "internal/pycore_pystate.h"

// From 3.12 a collection is asked for and runs between two instructions; before, it runs where the object is made.
#if PY_VERSION_HEX >= 0x030d0000
static int take_scheduled(PyThreadState* thread) {
    if (!_Py_eval_breaker_bit_is_set(thread, _PY_GC_SCHEDULED_BIT)) return 0;
    _Py_unset_eval_breaker_bit(thread, _PY_GC_SCHEDULED_BIT);
    return 1;
}
static void give_scheduled(PyThreadState* thread) { _Py_set_eval_breaker_bit(thread, _PY_GC_SCHEDULED_BIT); }
#elif PY_VERSION_HEX >= 0x030c0000
// The breaker itself stays set: that costs one look, and other reasons share it.
static int take_scheduled(PyThreadState* thread) {
    if (!_Py_atomic_load_relaxed(&thread->interp->ceval.gc_scheduled)) return 0;
    _Py_atomic_store_relaxed(&thread->interp->ceval.gc_scheduled, 0);
    return 1;
}
static void give_scheduled(PyThreadState* thread) {
    _Py_atomic_store_relaxed(&thread->interp->ceval.gc_scheduled, 1);
    _Py_atomic_store_relaxed(&thread->interp->ceval.eval_breaker, 1);
}
#else
static int take_scheduled(PyThreadState* thread) {
    (void)thread;
    return 0;
}
static void give_scheduled(PyThreadState* thread) { (void)thread; }
#endif

void tm_pause_collector(tm_collector_pause* pause) {
    PyThreadState* thread = PyThreadState_Get();
    pause->count = thread->interp->gc.generations[0].count;
    pause->enabled = thread->interp->gc.enabled;
    pause->scheduled = take_scheduled(thread);
    thread->interp->gc.enabled = 0;
}

void tm_resume_collector(const tm_collector_pause* pause) {
    PyThreadState* thread = PyThreadState_Get();
    thread->interp->gc.generations[0].count = (int)pause->count;
    thread->interp->gc.enabled = pause->enabled;
    if (pause->scheduled) give_scheduled(thread);
}
