// The mutants of native/test/mutation.h, byte for byte, so that both readers are shown the same damage.

const SPECIAL = [0x00, 0x01, 0x7f, 0x80, 0xff, 0x40, 0x12, 0x05];

/** Mulberry32 of native/test/mulberry32.h. */
function random(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % bound;
  };
}

export function mutant(record: Uint8Array, seed: number, number: number): Uint8Array {
  const below = random((seed + Math.imul(number, 0x9e3779b9)) | 0);
  const bytes = Array.from(record);
  for (let edits = 1 + below(4); edits > 0; edits--) edit(bytes, below);
  return Uint8Array.from(bytes);
}

function edit(bytes: number[], below: (bound: number) => number): void {
  const size = bytes.length;
  const kind = below(7);
  if (size === 0 && kind !== 2) return;
  if (kind === 2) {
    const at = below(size + 1);
    bytes.splice(at, 0, below(256));
    return;
  }
  if (kind === 4) {
    bytes.length = below(size + 1);
    return;
  }
  const at = below(size);
  if (kind === 0) {
    bytes[at] = (bytes[at] as number) ^ (1 << below(8));
  } else if (kind === 1) {
    bytes[at] = below(256);
  } else if (kind === 3) {
    bytes.splice(at, 1);
  } else if (kind === 5) {
    const to = below(size);
    const count = 1 + below(8);
    for (let k = 0; k < count && at + k < size && to + k < size; k++) bytes[to + k] = bytes[at + k] as number;
  } else {
    bytes[at] = SPECIAL[below(8)] as number;
  }
}

/** FNV-1a with 32 bits. */
export function fnv1a(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
