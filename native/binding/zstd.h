// zstd for stored records, on the calling thread.
#pragma once

#include "binding/napi_setup.h"

namespace tracemill::binding {

// What one environment compresses with.
struct Compressor;
struct DeleteCompressor {
    void operator()(Compressor* compressor) const;
};

// size_t ZSTD_compress2(...)
// zstdCompress(bytes: Uint8Array, level: number): Uint8Array
Napi::Value zstd_compress(const Napi::CallbackInfo& info);

// size_t ZSTD_decompressStream(...)
// zstdDecompress(bytes: Uint8Array, maxBytes: number): Uint8Array
Napi::Value zstd_decompress(const Napi::CallbackInfo& info);

}  // namespace tracemill::binding
