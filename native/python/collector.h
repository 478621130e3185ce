// The garbage of a program, collected in time proportional to what the program left. PyGC_Collect() empties CPython's
// free lists as well, which costs more than the collection and makes the next program start with cold memory.
#pragma once

#include "python/compat.h"

#ifdef __cplusplus
extern "C" {
#endif

// As soon as the interpreter has started: the collector's figures as they are now are those that every program starts
// with.
void tm_note_fresh_collector(void);
// Once, in the warm interpreter. False with an exception set.
int tm_prepare_collector(void);

// Collects garbage of the program where the program left the collector on. What stays is new to tm_collect_new().
void tm_collect_garbage(void);
// Collects what was made since the last call, also where the program turned the collector off; all there is when the
// program itself had older objects collected, so that what it made may be among them. May run finalisers.
void tm_collect_new(void);
// Everything that is not frozen.
void tm_collect_all(void);

// How many objects were made since the last collection of the young, less those that ended: past a threshold the
// collector runs.
int* tm_young_count(void);
// When a program's surroundings are made, which takes other objects than CPython makes for a script.
void tm_begin_script(void);
// Before a program runs: what was made for it is no longer young, as a script's module is not when a fresh interpreter
// runs it. The order in which the collector meets objects, and with it that of finalisers, depends on it.
void tm_age_young(void);
// After making what every later program finds: it counts for none of them.
void tm_reset_collector(void);

#ifdef __cplusplus
}
#endif
