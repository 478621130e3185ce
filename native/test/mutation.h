// Damages a record reproducibly. The scheme is part of the contract between the two readers' tests: another language
// that follows it gets the same mutants.
//
// Mutant number i of a record, for a seed (all arithmetic modulo 2^32):
//   r = Mulberry32(seed + i * 0x9e3779b9); every draw below is one r.next(), in the order given
//   edits = 1 + draw % 4; then `edits` times, on the bytes as they are by then (n of them):
//     kind = draw % 7
//     when n == 0 and kind is not 2: nothing is drawn, nothing happens; otherwise by kind
//     0  at = draw % n; bytes[at] ^= 1 << (draw % 8)
//     1  at = draw % n; bytes[at] = draw % 256
//     2  at = draw % (n + 1); insert the byte draw % 256 before bytes[at]
//     3  at = draw % n; remove bytes[at]
//     4  cut the bytes to the first draw % (n + 1)
//     5  from = draw % n; to = draw % n; size = 1 + draw % 8; for k = 0 .. size - 1, while from + k < n and
//        to + k < n: bytes[to + k] = bytes[from + k], one after the other (overlapping ranges see the new bytes)
//     6  at = draw % n; bytes[at] = SPECIAL[draw % 8], SPECIAL = 00 01 7f 80 ff 40 12 05 (hexadecimal)
// The digest of a mutant that is a valid record is FNV-1a with 32 bits over the UTF-8 bytes of its dump.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace tracemill::test {

std::vector<uint8_t> mutant(std::span<const uint8_t> record, uint32_t seed, uint32_t number);

// Nothing when the bytes are no valid record.
std::optional<uint32_t> dump_digest(std::span<const uint8_t> record);

}  // namespace tracemill::test
