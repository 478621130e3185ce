// What Node finds in build/Release/tracemill.node: the functions and classes of `Addon` in src/base/addon/contract.ts.
#include "binding/inline_binding.h"
#include "binding/instance_data.h"
#include "binding/napi_setup.h"
#include "binding/zstd.h"
#include "binding/zstd_stream.h"

namespace tracemill::binding {

static Napi::Object init(Napi::Env env, Napi::Object exports) {
    InstanceData::install(env);
    exports.Set("zstdCompress", Napi::Function::New(env, zstd_compress, "zstdCompress"));
    exports.Set("zstdDecompress", Napi::Function::New(env, zstd_decompress, "zstdDecompress"));
    exports.Set("ZstdStream", ZstdStream::define(env));
    exports.Set("inlineOpen", Napi::Function::New(env, inline_open, "inlineOpen"));
    exports.Set("inlineRun", Napi::Function::New(env, inline_run, "inlineRun"));
    return exports;
}

NODE_API_MODULE(tracemill, init)

}  // namespace tracemill::binding
