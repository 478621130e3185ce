// What the addon keeps per environment. What it keeps per process is the InlineEngine, in its own file.
#pragma once

#include <memory>

#include "binding/inline_port.h"
#include "binding/napi_setup.h"
#include "binding/zstd.h"

namespace tracemill::binding {

// Destroyed by Node with the environment, after the cleanup hooks.
struct InstanceData {
    // Made when the environment first uses the inline engine.
    std::shared_ptr<InlinePort> port;
    // Made when it first compresses.
    std::unique_ptr<Compressor, DeleteCompressor> compressor;

    static void install(Napi::Env env);
    static InstanceData& of(Napi::Env env);
};

}  // namespace tracemill::binding
