// zstd data of any length, a piece at a time, on the calling thread.
#pragma once

#include <zstd.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "binding/napi_setup.h"

namespace tracemill::binding {

// new ZstdStream()
//     push(bytes: Uint8Array): void        copies them
//     pull(): Uint8Array | null            null: everything that was pushed is used up
//     ended: boolean                       between two frames, where the data may end
//
// What one pull gives is bounded, whatever the bytes claim. Damage throws once everything before it was pulled; a
// frame's checksum is compared at its end.
class ZstdStream : public Napi::ObjectWrap<ZstdStream> {
  public:
    static Napi::Function define(Napi::Env env);

    explicit ZstdStream(const Napi::CallbackInfo& info);

  private:
    struct Free {
        void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
    };

    void push(const Napi::CallbackInfo& info);
    Napi::Value pull(const Napi::CallbackInfo& info);
    Napi::Value ended(const Napi::CallbackInfo& info);

    std::unique_ptr<ZSTD_DCtx, Free> context_;
    std::vector<uint8_t> input_;
    size_t at_ = 0;      // how much of the input is used
    size_t wanted_ = 0;  // what the decoder asks for next; 0 at a frame's end
    bool full_ = false;  // the last piece had no room for all there was
    const char* damage_ = nullptr;
};

}  // namespace tracemill::binding
