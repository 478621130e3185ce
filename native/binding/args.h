// Reads arguments and fields of option objects, once and by name. Everything here throws an error that names what is
// wrong; what comes out is plain data.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "binding/napi_setup.h"

namespace tracemill::binding::args {

// Numbers above this lose their last digits in JavaScript.
inline constexpr uint64_t kMaxSafeInteger = (uint64_t{1} << 53) - 1;

// The view is valid until JavaScript runs again. Memory that other threads may be writing to is refused.
std::string_view bytes(const Napi::CallbackInfo& info, size_t index, const char* name);
uint64_t integer(const Napi::CallbackInfo& info, size_t index, const char* name, uint64_t least, uint64_t most);
Napi::Object object(const Napi::CallbackInfo& info, size_t index, const char* name);

uint64_t integer_field(const Napi::Object& object, const char* name, uint64_t least = 0,
                       uint64_t most = kMaxSafeInteger);
bool boolean_field(const Napi::Object& object, const char* name);
// `absent` when the field is missing or undefined.
bool boolean_field_or(const Napi::Object& object, const char* name, bool absent);
// Refuses text with a NUL in it: it would name another file than it seems to.
std::string text_field(const Napi::Object& object, const char* name);
std::vector<std::string> texts_field(const Napi::Object& object, const char* name);
// The place of the field's text among `choices`.
uint32_t choice_field(const Napi::Object& object, const char* name, std::initializer_list<std::string_view> choices);

}  // namespace tracemill::binding::args
