#include "binding/zstd.h"

#include <zstd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "binding/args.h"
#include "binding/errors.h"
#include "binding/instance_data.h"

namespace tracemill::binding {

namespace {

constexpr uint64_t kLeastLevel = 1;
constexpr uint64_t kMostLevel = 19;  // above it a reader needs more memory than readers allow by default
constexpr uint64_t kMostBytes = (uint64_t{1} << 32) - 1;  // what a Uint8Array holds in every supported Node

constexpr size_t kLeastCapacity = 4096;

// More than that is not kept for the next call.
constexpr size_t kMostKept = 16 << 20;

struct Free {
    void operator()(void* memory) const { std::free(memory); }
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// malloc'd, so that growing it moves pages instead of bytes.
struct Buffer {
    std::unique_ptr<uint8_t, Free> data;
    size_t capacity = 0;
    size_t size = 0;

    bool resize(size_t bytes) {
        void* grown = std::realloc(data.get(), bytes);
        if (grown == nullptr) return false;
        (void)data.release();
        data.reset(static_cast<uint8_t*>(grown));
        capacity = bytes;
        return true;
    }
};

Napi::Error zstd_error(Napi::Env env, const std::string& message) { return make_error(env, {code::kZstd, message}); }

Napi::Error memory_error(Napi::Env env, size_t bytes) {
    return make_error(env, {code::kMemory, "zstd: no memory for " + std::to_string(bytes) + " bytes"});
}

Napi::Value to_array(Napi::Env env, const Buffer& buffer) {
    Napi::ArrayBuffer memory = Napi::ArrayBuffer::New(env, buffer.size);
    if (buffer.size > 0) std::memcpy(memory.Data(), buffer.data.get(), buffer.size);
    return Napi::Uint8Array::New(env, buffer.size, memory, 0);
}

// What to reserve at first: the size the first frame claims, or a guess; never more than is allowed.
size_t first_capacity(Napi::Env env, std::string_view bytes, uint64_t max_bytes) {
    const unsigned long long claimed = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
    if (claimed == ZSTD_CONTENTSIZE_ERROR) throw zstd_error(env, "zstd: these bytes are not a zstd frame");
    if (claimed == ZSTD_CONTENTSIZE_UNKNOWN) return std::min<uint64_t>(max_bytes, bytes.size() * 4 + 1024);
    if (claimed > max_bytes) {
        throw zstd_error(env, "zstd: the frame holds " + std::to_string(claimed) + " bytes, more than the " +
                                  std::to_string(max_bytes) + " allowed");
    }
    return claimed;
}

}  // namespace

// New memory for every call would cost more than the work in it.
struct Compressor {
    Compressor() = default;
    Compressor(const Compressor&) = delete;
    Compressor& operator=(const Compressor&) = delete;
    ~Compressor() { ZSTD_freeCCtx(context); }

    ZSTD_CCtx* context = ZSTD_createCCtx();
    Buffer out;
};

void DeleteCompressor::operator()(Compressor* compressor) const { delete compressor; }

Napi::Value zstd_compress(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const int level = static_cast<int>(args::integer(info, 1, "level", kLeastLevel, kMostLevel));
    const std::string_view bytes = args::bytes(info, 0, "bytes");

    auto& kept = InstanceData::of(env).compressor;
    if (!kept) kept.reset(new Compressor());
    ZSTD_CCtx* context = kept->context;
    Buffer& out = kept->out;
    const size_t bound = ZSTD_compressBound(bytes.size());
    if (!context || (out.capacity < bound && !out.resize(bound))) throw memory_error(env, bound);
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    const size_t written = ZSTD_compress2(context, out.data.get(), out.capacity, bytes.data(), bytes.size());
    if (ZSTD_isError(written)) throw zstd_error(env, std::string("zstd: ") + ZSTD_getErrorName(written));
    out.size = written;
    const Napi::Value compressed = to_array(env, out);
    if (out.capacity > kMostKept) kept.reset();
    return compressed;
}

Napi::Value zstd_decompress(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const uint64_t max_bytes = args::integer(info, 1, "maxBytes", 0, kMostBytes);
    const std::string_view bytes = args::bytes(info, 0, "bytes");

    std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
    Buffer out;
    // One byte more than allowed, so that going past the bound can be told from ending at it.
    const size_t most = max_bytes + 1;
    const size_t first = std::min(most, std::max<size_t>(first_capacity(env, bytes, max_bytes), kLeastCapacity));
    if (!context || !out.resize(first)) throw memory_error(env, first);

    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    size_t wanted = 1;  // what the decoder still expects of this frame; 0 at a frame's end
    while (input.pos < input.size || wanted != 0) {
        if (out.size == out.capacity && !out.resize(std::min(most, out.capacity * 2 + 1))) {
            throw memory_error(env, out.capacity);
        }
        ZSTD_outBuffer output{out.data.get(), out.capacity, out.size};
        const size_t consumed = input.pos;
        wanted = ZSTD_decompressStream(context.get(), &output, &input);
        if (ZSTD_isError(wanted)) throw zstd_error(env, std::string("zstd: ") + ZSTD_getErrorName(wanted));
        const bool stuck = input.pos == consumed && output.pos == out.size && out.size < out.capacity;
        out.size = output.pos;
        if (out.size > max_bytes) {
            throw zstd_error(env,
                             "zstd: the frames hold more than the " + std::to_string(max_bytes) + " bytes allowed");
        }
        if (stuck && input.pos == input.size) throw zstd_error(env, "zstd: the bytes end in the middle of a frame");
    }
    return to_array(env, out);
}

}  // namespace tracemill::binding
