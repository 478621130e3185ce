// Errors as JavaScript sees them: an Error whose `code` is one of NativeErrorCode in src/base/addon/contract.ts.
#pragma once

#include <string>

#include "binding/failure.h"
#include "binding/napi_setup.h"

namespace tracemill::binding {

Napi::Error make_error(Napi::Env env, const Failure& failure);

// A TypeError with the code bad-argument.
Napi::Error argument_error(Napi::Env env, const std::string& message);

}  // namespace tracemill::binding
