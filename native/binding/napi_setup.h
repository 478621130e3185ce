// The one place that includes napi.h, so that its switches are the same in every file and precede it.
#pragma once

#ifndef NAPI_VERSION
#define NAPI_VERSION 8
#endif
// C++ exceptions of any kind become JavaScript errors at the border.
#ifndef NODE_ADDON_API_CPP_EXCEPTIONS_ALL
#define NODE_ADDON_API_CPP_EXCEPTIONS_ALL
#endif
// In a thread that is being terminated every call that may run JavaScript fails, and throwing for it would abort Node.
#ifndef NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS
#define NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS
#endif

#include <napi.h>
