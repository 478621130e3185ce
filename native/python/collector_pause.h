// While values are looked at, the collector neither runs nor counts what is made and dropped for that: the moments of
// its collections, and so those of finalisers, are the program's alone.
#pragma once

#include "python/compat.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tm_collector_pause {
    Py_ssize_t count;  // of the youngest generation
    int enabled;
    int scheduled;  // a collection was about to run
} tm_collector_pause;

void tm_pause_collector(tm_collector_pause* pause);
void tm_resume_collector(const tm_collector_pause* pause);

#ifdef __cplusplus
}
#endif
