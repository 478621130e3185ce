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

bool send_all(int fd, std::vector<iovec>& parts) {
    size_t first = 0;
    while (first < parts.size()) {
        msghdr message{};
        message.msg_iov = parts.data() + first;
        message.msg_iovlen = std::min<size_t>(parts.size() - first, IOV_MAX);
        ssize_t n = sendmsg(fd, &message, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        size_t sent = static_cast<size_t>(n);
        while (first < parts.size() && sent >= parts[first].iov_len) sent -= parts[first++].iov_len;
        if (first < parts.size()) {
            parts[first].iov_base = static_cast<uint8_t*>(parts[first].iov_base) + sent;
            parts[first].iov_len -= sent;
        }
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

bool FrameReader::read_header(FrameHeader& header) {
    uint8_t bytes[FRAME_HEADER_SIZE];
    size_t got = read_up_to(bytes);
    if (got == 0) return false;
    if (got < sizeof bytes) throw ProtocolError("frame header ends early");
    header.size = bytes[0] | bytes[1] << 8 | bytes[2] << 16 | static_cast<uint32_t>(bytes[3]) << 24;
    header.type = static_cast<FrameType>(bytes[4]);
    return true;
}

void FrameReader::read_payload(std::span<uint8_t> into) {
    if (read_up_to(into) < into.size()) throw ProtocolError("frame ends early");
}

bool write_frame(int fd, FrameType type, std::span<const iovec> parts) {
    uint64_t size = 0;
    for (const iovec& part : parts) size += part.iov_len;
    if (size > UINT32_MAX) throw ProtocolError("frame of " + std::to_string(size) + " bytes");
    uint8_t header[FRAME_HEADER_SIZE] = {static_cast<uint8_t>(size), static_cast<uint8_t>(size >> 8),
                                         static_cast<uint8_t>(size >> 16), static_cast<uint8_t>(size >> 24),
                                         static_cast<uint8_t>(type)};
    std::vector<iovec> all;
    all.reserve(parts.size() + 1);
    all.push_back({header, sizeof header});
    all.insert(all.end(), parts.begin(), parts.end());
    return send_all(fd, all);
}

bool write_frame(int fd, FrameType type, const std::vector<uint8_t>& payload) {
    iovec part{const_cast<uint8_t*>(payload.data()), payload.size()};
    return write_frame(fd, type, std::span<const iovec>(&part, 1));
}

}  // namespace tracemill::host
