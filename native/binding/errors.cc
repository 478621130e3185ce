#include "binding/errors.h"

namespace tracemill::binding {

Napi::Error make_error(Napi::Env env, const Failure& failure) {
    Napi::Error error = Napi::Error::New(env, failure.message);
    error.Set("code", Napi::String::New(env, failure.code));
    return error;
}

Napi::Error argument_error(Napi::Env env, const std::string& message) {
    Napi::Error error = Napi::TypeError::New(env, message);
    error.Set("code", Napi::String::New(env, code::kArgument));
    return error;
}

}  // namespace tracemill::binding
