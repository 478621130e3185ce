#include "binding/zstd_stream.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "binding/args.h"
#include "binding/errors.h"

namespace tracemill::binding {

namespace {

constexpr size_t kPieceBytes = 128 << 10;
constexpr size_t kFrameStartBytes = 5;  // enough to learn how long the frame's header is
constexpr int kMostWindowLog = 31;      // as `zstd --long=31` writes it; memory is used as far as the data reaches

}  // namespace

Napi::Function ZstdStream::define(Napi::Env env) {
    return DefineClass(env, "ZstdStream",
                       {InstanceMethod<&ZstdStream::push>("push"), InstanceMethod<&ZstdStream::pull>("pull"),
                        InstanceAccessor<&ZstdStream::ended>("ended")});
}

ZstdStream::ZstdStream(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<ZstdStream>(info), context_(ZSTD_createDCtx()) {
    if (!context_) throw make_error(info.Env(), {code::kMemory, "zstd: no memory for a decoder"});
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kMostWindowLog);
}

void ZstdStream::push(const Napi::CallbackInfo& info) {
    const std::string_view bytes = args::bytes(info, 0, "bytes");
    input_.erase(input_.begin(), input_.begin() + static_cast<ptrdiff_t>(at_));
    at_ = 0;
    input_.insert(input_.end(), bytes.begin(), bytes.end());
}

Napi::Value ZstdStream::pull(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    std::vector<uint8_t> piece(kPieceBytes);
    ZSTD_outBuffer output{piece.data(), piece.size(), 0};
    while (damage_ == nullptr && output.pos < output.size && (at_ < input_.size() || full_)) {
        // A call that meets damage forgets what it decoded before: so none is given more than the next block.
        const size_t given = std::min(wanted_ == 0 ? kFrameStartBytes : wanted_, input_.size() - at_);
        ZSTD_inBuffer input{input_.data() + at_, given, 0};
        const size_t found = output.pos;
        const size_t wanted = ZSTD_decompressStream(context_.get(), &output, &input);
        if (ZSTD_isError(wanted)) {
            damage_ = ZSTD_getErrorName(wanted);
            break;
        }
        wanted_ = wanted;
        at_ += input.pos;
        full_ = output.pos == output.size && wanted != 0;
        if (input.pos == 0 && output.pos == found) break;
    }
    if (output.pos == 0 && damage_ != nullptr) {
        throw make_error(env, {code::kZstd, std::string("zstd: ") + damage_});
    }
    if (output.pos == 0) return env.Null();
    Napi::ArrayBuffer memory = Napi::ArrayBuffer::New(env, output.pos);
    std::memcpy(memory.Data(), piece.data(), output.pos);
    return Napi::Uint8Array::New(env, output.pos, memory, 0);
}

Napi::Value ZstdStream::ended(const Napi::CallbackInfo& info) {
    return Napi::Boolean::New(info.Env(), wanted_ == 0 && at_ == input_.size());
}

}  // namespace tracemill::binding
