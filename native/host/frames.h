// Frames over the socket to Node (protocol.h).
#pragma once

#include "host/protocol.h"

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/uio.h>
#include <vector>

namespace tracemill::host {

// The other end did not keep to the protocol: nothing sensible can follow.
class ProtocolError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

void append_varint(std::vector<uint8_t>& out, uint64_t value);
void append_bytes(std::vector<uint8_t>& out, std::string_view value);

struct FrameHeader {
    uint32_t size;  // of the payload
    FrameType type;
};
inline constexpr size_t kFrameHeaderSize = 5;

// Frames that come in. What the socket holds hides Node's next write from Node until the socket is nearly empty, so
// whoever waits for something else may take it from there meanwhile.
class FrameReader {
  public:
    explicit FrameReader(int fd) : fd_(fd) {}

    // False at end of file before the first byte; throws ProtocolError at one inside a frame.
    bool read_header(FrameHeader& header);
    // Fills `into` completely or throws ProtocolError.
    void read_payload(std::span<uint8_t> into);

    // Whether the next frame is here, as far as read_ahead() has come.
    bool has_frame() const;
    bool may_read_ahead() const { return ahead_.size() < kMostAhead; }
    // Takes what has come, without waiting.
    void read_ahead();

  private:
    static constexpr size_t kMostAhead = 1u << 20;

    // Bytes read before end of file or an error; `into.size()` when all came.
    size_t read_up_to(std::span<uint8_t> into);

    int fd_;
    std::vector<uint8_t> ahead_;
    size_t taken_ = 0;  // of `ahead_`
};

// Frames that go out. Node reads when its thread is free: what the socket does not hold is kept meanwhile, up to a
// limit. All functions answer false when the other end is gone.
class FrameWriter {
  public:
    explicit FrameWriter(int fd) : fd_(fd) {}

    // A frame whose payload is the concatenation of `parts`.
    bool write(FrameType type, std::span<const iovec> parts);
    bool write(FrameType type, const std::vector<uint8_t>& payload);

    // Something is kept.
    bool is_behind() const { return !rest_.empty(); }
    // Sends of it what the socket takes now.
    bool catch_up();
    // Sends all of it.
    bool flush();

  private:
    static constexpr size_t kMostBehind = 8u << 20;

    bool send_rest(int flags);

    int fd_;
    std::vector<uint8_t> rest_;
    size_t sent_ = 0;  // of `rest_`
};

}  // namespace tracemill::host
