// What the addon keeps per environment. What it keeps per process is the InlineEngine, in its own file.
#pragma once

#include <memory>

#include "binding/inline_port.h"
#include "binding/napi_setup.h"

namespace tracemill::binding {

// Destroyed by Node with the environment, after the cleanup hooks.
struct InstanceData {
    // Made when the environment first uses the inline engine.
    std::shared_ptr<InlinePort> port;

    static void install(Napi::Env env);
    static InstanceData& of(Napi::Env env);
};

}  // namespace tracemill::binding
