#include "host/frames.h"

#include "format/varint.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <sys/socket.h>
#include <unistd.h>

namespace tracemill::host {

namespace {

FrameHeader parse_header(const uint8_t* bytes) {
    return {bytes[0] | bytes[1] << 8 | bytes[2] << 16 | static_cast<uint32_t>(bytes[3]) << 24,
            static_cast<FrameType>(bytes[4])};
}

// Sends `parts`, with MSG_DONTWAIT in `flags` what the socket takes of them, and takes that off them. False when the
// other end is gone.
bool send_parts(int fd, std::span<iovec>& parts, int flags) {
    while (!parts.empty()) {
        msghdr message{};
        message.msg_iov = parts.data();
        message.msg_iovlen = std::min<size_t>(parts.size(), IOV_MAX);
        const ssize_t n = sendmsg(fd, &message, MSG_NOSIGNAL | flags);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
        size_t sent = static_cast<size_t>(n);
        while (!parts.empty() && sent >= parts.front().iov_len) {
            sent -= parts.front().iov_len;
            parts = parts.subspan(1);
        }
        if (parts.empty()) break;
        parts.front().iov_base = static_cast<uint8_t*>(parts.front().iov_base) + sent;
        parts.front().iov_len -= sent;
    }
    return true;
}

}  // namespace

void append_varint(std::vector<uint8_t>& out, uint64_t value) {
    uint8_t bytes[format::kMaxVarintSize];
    out.insert(out.end(), bytes, format::put_varint(bytes, value));
}

void append_bytes(std::vector<uint8_t>& out, std::string_view value) {
    append_varint(out, value.size());
    out.insert(out.end(), value.begin(), value.end());
}

size_t FrameReader::read_up_to(std::span<uint8_t> into) {
    size_t done = std::min(into.size(), ahead_.size() - taken_);
    std::copy_n(ahead_.begin() + static_cast<ptrdiff_t>(taken_), done, into.begin());
    taken_ += done;
    if (taken_ == ahead_.size()) {
        ahead_.clear();
        taken_ = 0;
    }
    while (done < into.size()) {
        ssize_t n = read(fd_, into.data() + done, into.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        done += static_cast<size_t>(n);
    }
    return done;
}

void FrameReader::read_ahead() {
    uint8_t bytes[64u << 10];
    const ssize_t n = recv(fd_, bytes, sizeof bytes, MSG_DONTWAIT);
    if (n > 0) ahead_.insert(ahead_.end(), bytes, bytes + n);
}

bool FrameReader::has_frame() const {
    const size_t held = ahead_.size() - taken_;
    return held >= kFrameHeaderSize && held - kFrameHeaderSize >= parse_header(ahead_.data() + taken_).size;
}

bool FrameReader::read_header(FrameHeader& header) {
    uint8_t bytes[kFrameHeaderSize];
    size_t got = read_up_to(bytes);
    if (got == 0) return false;
    if (got < sizeof bytes) throw ProtocolError("frame header ends early");
    header = parse_header(bytes);
    return true;
}

void FrameReader::read_payload(std::span<uint8_t> into) {
    if (read_up_to(into) < into.size()) throw ProtocolError("frame ends early");
}

bool FrameWriter::write(FrameType type, std::span<const iovec> parts) {
    uint64_t size = 0;
    for (const iovec& part : parts) size += part.iov_len;
    if (size > UINT32_MAX) throw ProtocolError("frame of " + std::to_string(size) + " bytes");
    uint8_t header[kFrameHeaderSize] = {static_cast<uint8_t>(size), static_cast<uint8_t>(size >> 8),
                                        static_cast<uint8_t>(size >> 16), static_cast<uint8_t>(size >> 24),
                                        static_cast<uint8_t>(type)};
    std::vector<iovec> all;
    all.reserve(parts.size() + 1);
    all.push_back({header, sizeof header});
    all.insert(all.end(), parts.begin(), parts.end());
    std::span<iovec> left = all;
    if (!catch_up() || (!is_behind() && !send_parts(fd_, left, MSG_DONTWAIT))) return false;
    for (const iovec& part : left) {
        const auto* bytes = static_cast<const uint8_t*>(part.iov_base);
        rest_.insert(rest_.end(), bytes, bytes + part.iov_len);
    }
    return rest_.size() - sent_ <= kMostBehind || flush();
}

bool FrameWriter::write(FrameType type, const std::vector<uint8_t>& payload) {
    iovec part{const_cast<uint8_t*>(payload.data()), payload.size()};
    return write(type, std::span<const iovec>(&part, 1));
}

bool FrameWriter::send_rest(int flags) {
    if (!is_behind()) return true;
    iovec part{rest_.data() + sent_, rest_.size() - sent_};
    std::span<iovec> left(&part, 1);
    if (!send_parts(fd_, left, flags)) return false;
    if (!left.empty()) {
        sent_ = rest_.size() - part.iov_len;
        return true;
    }
    rest_.clear();
    sent_ = 0;
    return true;
}

bool FrameWriter::catch_up() { return send_rest(MSG_DONTWAIT); }

bool FrameWriter::flush() { return send_rest(0); }

}  // namespace tracemill::host
