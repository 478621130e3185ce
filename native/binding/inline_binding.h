// The inline engine as JavaScript calls it.
#pragma once

#include "binding/napi_setup.h"

namespace tracemill::binding {

// inlineOpen(options: InlineOpenOptions): Promise<{ version: string }>
Napi::Value inline_open(const Napi::CallbackInfo& info);

// inlineRun(batch: Uint8Array, options: InlineRunOptions): { promise: Promise<ArrayBuffer>, cancel(): void }
Napi::Value inline_run(const Napi::CallbackInfo& info);

}  // namespace tracemill::binding
