// What Node and the tracer process say to each other over the socket pair on descriptor 3. Both ends are ours, but the
// tracer process runs untrusted programs: Node treats every length as hostile.
//
// A frame is a 4-byte little-endian payload length, one type byte, and the payload. Integers in payloads are LEB128
// varints, `bytes` a varint length followed by that many bytes, as in format/record.h.
//
// Node -> tracer process
//   kConfigure  (first, once)  protocol version, isolation (0 shared, 1 fork), timeout ms (0 = none),
//               max events, max output bytes, max memory bytes, max value chars, seed, scope, objects, mode, timings,
//               show module values, threads, loops, loop head, loop tail, max record bytes (capacity of one record),
//               max recorder bytes, max recording ms, bytes executable, bytes core library, bytes libpython, count of
//               preload, count times bytes, count of readable paths, count times bytes, scratch bytes (0 = programs
//               write no files), require sandbox
//   kBatch      sequence number, count of sources, count times bytes source; count of items, then per item:
//               source index, flags byte (wire/batch.h), [bytes entry], [bytes stdin],
//               [count, count times bytes argv]
//
// Tracer process -> Node
//   kReady      protocol version, bytes Python version ("3.12.1"), pid, layers of the sandbox that hold (bits of
//               sandbox.h), user id of programs, Landlock version (0 = none), count of missing layers, count times
//               (layer, bytes reason), bytes reason why there are no snapshots (empty = there are)
//   kFailed     bytes message: the process could not start; it exits after this
//   kRecords    sequence number, index of the first item, count, count times (tier byte: wire/tier.h, bytes record).
//   The
//               records of a batch come in order, in one or more frames.
#pragma once

#include <cstdint>

namespace tracemill::host {

inline constexpr uint64_t kProtocolVersion = 7;
inline constexpr int kNodeFd = 3;

enum class FrameType : uint8_t {
    kConfigure = 1,
    kBatch = 2,
    kReady = 3,
    kFailed = 4,
    kRecords = 5,
};

enum class Isolation : uint8_t { kShared = 0, kFork = 1 };

}  // namespace tracemill::host
