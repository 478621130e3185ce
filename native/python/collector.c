#define Py_BUILD_CORE 1
#include "python/collector.h"

#include "internal/pycore_gc.h"
#include "internal/pycore_interp.h"
#include "internal/pycore_pystate.h"

#include <string.h>

// From 3.14 the collector works in increments, and has no generation that holds all that is new.
#define HAS_YOUNG_GENERATIONS (PY_VERSION_HEX < 0x030e0000)

static PyObject* s_collect;  // gc.collect

#if HAS_YOUNG_GENERATIONS

enum { kYoung = 1, kAll = 2 };

static Py_ssize_t s_long_lived;
static struct gc_generation_stats s_stats[NUM_GENERATIONS];

static struct _gc_runtime_state* collector(void) { return &PyThreadState_Get()->interp->gc; }

int* tm_young_count(void) { return &collector()->generations[0].count; }

static void remember(void) {
    const struct _gc_runtime_state* gc = collector();
    s_long_lived = gc->long_lived_total;
    memcpy(s_stats, gc->generation_stats, sizeof s_stats);
}

// What survives a collection of the young counts towards the next full one, and shows in gc.get_count() and
// get_stats().
static void reset(void) {
    struct _gc_runtime_state* gc = collector();
    for (int i = 0; i < NUM_GENERATIONS; ++i) gc->generations[i].count = 0;
    gc->long_lived_pending = 0;
    gc->long_lived_total = s_long_lived;
    memcpy(gc->generation_stats, s_stats, sizeof s_stats);
}

// Whether objects of the program may have grown old.
static int collected_old(void) {
    const struct _gc_runtime_state* gc = collector();
    for (int i = kYoung; i < NUM_GENERATIONS; ++i) {
        if (gc->generation_stats[i].collections != s_stats[i].collections) return 1;
    }
    return 0;
}

// The objects of the second generation follow those of the first, which is where a full collection has them.
static void make_all_new(void) {
    struct _gc_runtime_state* gc = collector();
    PyGC_Head* to = &gc->generations[0].head;
    PyGC_Head* from = &gc->generations[1].head;
    PyGC_Head* first = _PyGCHead_NEXT(from);
    if (first == from) return;
    PyGC_Head* last = _PyGCHead_PREV(from);
    PyGC_Head* before = _PyGCHead_PREV(to);
    _PyGCHead_SET_NEXT(before, first);
    _PyGCHead_SET_PREV(first, before);
    _PyGCHead_SET_NEXT(last, to);
    _PyGCHead_SET_PREV(to, last);
    _PyGCHead_SET_NEXT(from, from);
    _PyGCHead_SET_PREV(from, from);
}

// Survivors of a younger generation stay among the young.
static int youngest(void) {
    make_all_new();
    return kYoung - 1;
}

#else

enum { kYoung = 2, kAll = 2 };

int* tm_young_count(void) {
    static int unused;
    return &unused;
}

static void remember(void) {}
static void reset(void) {}
static int collected_old(void) { return 1; }
static int youngest(void) { return kAll; }

#endif

static void run_collector(int generation) {
    PyObject* number = PyLong_FromLong(generation);
    PyObject* found = number ? PyObject_CallOneArg(s_collect, number) : NULL;
    if (!found) PyErr_Clear();
    Py_XDECREF(found);
    Py_XDECREF(number);
}

static void collect(int generation) {
    run_collector(generation);
    reset();
}

int tm_prepare_collector(void) {
    PyObject* gc = PyImport_ImportModule("gc");
    s_collect = gc ? PyObject_GetAttrString(gc, "collect") : NULL;
    Py_XDECREF(gc);
    remember();
    return s_collect != NULL;
}

void tm_collect_garbage(void) {
    if (PyGC_IsEnabled()) run_collector(collected_old() ? kAll : youngest());
}

void tm_collect_new(void) { collect(collected_old() ? kAll : kYoung); }

void tm_collect_all(void) { collect(kAll); }

void tm_reset_collector(void) { reset(); }
