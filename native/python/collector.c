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

#else

enum { kYoung = 2, kAll = 2 };

int* tm_young_count(void) {
    static int unused;
    return &unused;
}

static void remember(void) {}
static void reset(void) {}
static int collected_old(void) { return 1; }

#endif

static void collect(int generation) {
    PyObject* number = PyLong_FromLong(generation);
    PyObject* found = number ? PyObject_CallOneArg(s_collect, number) : NULL;
    if (!found) PyErr_Clear();
    Py_XDECREF(found);
    Py_XDECREF(number);
    reset();
}

int tm_prepare_collector(void) {
    PyObject* gc = PyImport_ImportModule("gc");
    s_collect = gc ? PyObject_GetAttrString(gc, "collect") : NULL;
    Py_XDECREF(gc);
    remember();
    return s_collect != NULL;
}

void tm_collect_new(void) { collect(collected_old() ? kAll : kYoung); }

void tm_collect_all(void) { collect(kAll); }

void tm_reset_collector(void) { reset(); }
