// What sys.is_finalizing() says: at the end of a program its interpreter ends, as far as the program can see.
#pragma once

#include "python/compat.h"

#ifdef __cplusplus
extern "C" {
#endif

// Once per process; 0 where this Python's function is not as expected.
int tm_watch_finalizing(void);
void tm_set_finalizing(int finalizing);

#ifdef __cplusplus
}
#endif
