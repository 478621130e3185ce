#define Py_BUILD_CORE 1
#include "python/collector.h"

#include "internal/pycore_gc.h"
#include "internal/pycore_interp.h"
#include "internal/pycore_pystate.h"

#include <string.h>

// From 3.14 the collector works in increments, and has no generation that holds all that is new.
#define HAS_YOUNG_GENERATIONS (PY_VERSION_HEX < 0x030e0000)

static PyObject* s_collect;  // gc.collect

static void run_collector(int generation) {
    PyObject* number = PyLong_FromLong(generation);
    PyObject* found = number ? PyObject_CallOneArg(s_collect, number) : NULL;
    if (!found) PyErr_Clear();
    Py_XDECREF(found);
    Py_XDECREF(number);
}

#if HAS_YOUNG_GENERATIONS

enum { kYoung = 1, kAll = 2 };

static int s_counts[NUM_GENERATIONS];
static Py_ssize_t s_long_lived;
static Py_ssize_t s_long_lived_pending;
static struct gc_generation_stats s_stats[NUM_GENERATIONS];

static struct _gc_runtime_state* collector(void) { return &PyThreadState_Get()->interp->gc; }

int* tm_young_count(void) { return &collector()->generations[0].count; }

void tm_note_fresh_collector(void) {
    const struct _gc_runtime_state* gc = collector();
    for (int i = 0; i < NUM_GENERATIONS; ++i) s_counts[i] = gc->generations[i].count;
    s_long_lived = gc->long_lived_total;
    s_long_lived_pending = gc->long_lived_pending;
    memcpy(s_stats, gc->generation_stats, sizeof s_stats);
}

// What survives a collection of the young counts towards the next full one, and shows in gc.get_count() and
// get_stats().
static void reset(void) {
    struct _gc_runtime_state* gc = collector();
    for (int i = 0; i < NUM_GENERATIONS; ++i) gc->generations[i].count = s_counts[i];
    gc->long_lived_pending = s_long_lived_pending;
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

// The objects of a generation follow those of another one.
static void append_generation(int source, int target) {
    struct _gc_runtime_state* gc = collector();
    PyGC_Head* to = &gc->generations[target].head;
    PyGC_Head* from = &gc->generations[source].head;
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

// Counted in `python program.py`, beyond what the interpreter makes before it has a script.
#if PY_VERSION_HEX < 0x030c0000
enum { kScriptObjects = 3 };
#else
enum { kScriptObjects = 1 };
#endif

void tm_begin_script(void) { *tm_young_count() = s_counts[0] + kScriptObjects; }

// Whether a fresh interpreter collected so often that a script's module is among the oldest.
static int starts_old(void) { return s_stats[kYoung].collections != 0; }

void tm_age_young(void) { append_generation(0, starts_old() ? kAll : kYoung); }

// All that is the program's, in the order of a full collection: the oldest, the young, and what is between them.
static void make_all_young(void) {
    const int from_old = collected_old() || starts_old();
    if (from_old) append_generation(0, kAll);
    append_generation(kYoung, from_old ? kAll : 0);
    if (from_old) append_generation(kAll, 0);
}

// Survivors of the youngest generation stay new.
static void collect_whole(void) {
    make_all_young();
    run_collector(0);
}

#else

enum { kYoung = 2, kAll = 2 };

int* tm_young_count(void) {
    static int unused;
    return &unused;
}

void tm_note_fresh_collector(void) {}
static void reset(void) {}
void tm_begin_script(void) {}
void tm_age_young(void) {}
static void make_all_young(void) {}
static void collect_whole(void) { run_collector(kAll); }

#endif

static void collect(int generation) {
    run_collector(generation);
    reset();
}

int tm_prepare_collector(void) {
    PyObject* gc = PyImport_ImportModule("gc");
    s_collect = gc ? PyObject_GetAttrString(gc, "collect") : NULL;
    Py_XDECREF(gc);
    reset();
    return s_collect != NULL;
}

void tm_collect_garbage(void) {
    if (PyGC_IsEnabled()) collect_whole();
}

void tm_collect_new(void) {
    if (!PyGC_IsEnabled()) make_all_young();
    collect(kYoung);
}

void tm_collect_all(void) { collect(kAll); }

void tm_reset_collector(void) { reset(); }
