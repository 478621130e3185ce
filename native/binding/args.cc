#include "binding/args.h"

#include <cmath>

#include "binding/errors.h"

namespace tracemill::binding::args {

namespace {

uint64_t to_integer(const Napi::Value& value, const char* name, uint64_t least, uint64_t most) {
    const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : std::nan("");
    // Compared as doubles: every bound is at most 2^53 and therefore exact.
    if (!(number >= static_cast<double>(least) && number <= static_cast<double>(most)) ||
        number != std::floor(number)) {
        throw argument_error(value.Env(), std::string(name) + " must be an integer from " + std::to_string(least) +
                                              " to " + std::to_string(most));
    }
    return static_cast<uint64_t>(number);
}

std::string to_text(const Napi::Value& value, const std::string& name) {
    if (!value.IsString()) throw argument_error(value.Env(), name + " must be a string");
    std::string text = value.As<Napi::String>().Utf8Value();
    if (text.find('\0') != std::string::npos) {
        throw argument_error(value.Env(), name + " must not contain a NUL character");
    }
    return text;
}

}  // namespace

std::string_view bytes(const Napi::CallbackInfo& info, size_t index, const char* name) {
    const Napi::Value value = info[index];
    if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
        throw argument_error(info.Env(), std::string(name) + " must be a Uint8Array");
    }
    const Napi::Uint8Array array = value.As<Napi::Uint8Array>();
    if (!array.ArrayBuffer().IsArrayBuffer()) {
        throw argument_error(info.Env(),
                             std::string(name) + " must not be backed by a SharedArrayBuffer: copy it first");
    }
    if (array.ByteLength() == 0) return {};
    return {reinterpret_cast<const char*>(array.Data()), array.ByteLength()};
}

uint64_t integer(const Napi::CallbackInfo& info, size_t index, const char* name, uint64_t least, uint64_t most) {
    return to_integer(info[index], name, least, most);
}

Napi::Object object(const Napi::CallbackInfo& info, size_t index, const char* name) {
    if (!info[index].IsObject()) throw argument_error(info.Env(), std::string(name) + " must be an object");
    return info[index].As<Napi::Object>();
}

uint64_t integer_field(const Napi::Object& object, const char* name, uint64_t least, uint64_t most) {
    return to_integer(object.Get(name), name, least, most);
}

bool boolean_field(const Napi::Object& object, const char* name) {
    const Napi::Value value = object.Get(name);
    if (!value.IsBoolean()) throw argument_error(object.Env(), std::string(name) + " must be true or false");
    return value.As<Napi::Boolean>().Value();
}

bool boolean_field_or(const Napi::Object& object, const char* name, bool absent) {
    return object.Get(name).IsUndefined() ? absent : boolean_field(object, name);
}

std::string text_field(const Napi::Object& object, const char* name) { return to_text(object.Get(name), name); }

std::vector<std::string> texts_field(const Napi::Object& object, const char* name) {
    const Napi::Value value = object.Get(name);
    if (!value.IsArray()) throw argument_error(object.Env(), std::string(name) + " must be an array of strings");
    const Napi::Array array = value.As<Napi::Array>();
    std::vector<std::string> texts;
    for (uint32_t i = 0; i < array.Length(); ++i) {
        texts.push_back(to_text(array.Get(i), std::string(name) + "[" + std::to_string(i) + "]"));
    }
    return texts;
}

uint32_t choice_field(const Napi::Object& object, const char* name, std::initializer_list<std::string_view> choices) {
    const Napi::Value value = object.Get(name);
    const std::string text = value.IsString() ? value.As<Napi::String>().Utf8Value() : std::string();
    std::string all;
    uint32_t place = 0;
    for (const std::string_view choice : choices) {
        if (value.IsString() && text == choice) return place;
        all.append(place++ == 0 ? "" : ", ").append(choice);
    }
    throw argument_error(object.Env(), std::string(name) + " must be one of: " + all);
}

}  // namespace tracemill::binding::args
