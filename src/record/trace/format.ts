// The numbers of native/format/record.h, which specifies the bytes; a unit test compares the two files.

export const FORMAT_VERSION = 2;
/** "TMRC" */
export const RECORD_MAGIC: readonly number[] = [0x54, 0x4d, 0x52, 0x43];
export const RECORD_HEADER_SIZE = 7;

export const RECORD_FLAGS: { readonly loopsSkipped: number } = { loopsSkipped: 1 };

export const TAG = {
  name: 0x01,
  type: 0x02,
  value: 0x03,
  code: 0x04,
  frame: 0x05,
  output: 0x10,
  elided: 0x11,
  outcome: 0x12,
  thread: 0x13,
  streamBytes: 0x14,
} as const;

export const MAX_THREAD = 0x7fff_ffff;

export const EVENT_BIT = 0x40;
export const EVENT_KIND_MASK = 0x07;
export const EVENT_OTHER_FRAME = 0x08;
export const EVENT_HAS_CHANGES = 0x10;
export const EVENT_HAS_PAYLOAD = 0x20;

export const EVENT = { call: 0, line: 1, return: 2, yield: 3, resume: 4, exception: 5 } as const;
export const EVENT_KIND_COUNT = 6;

export const VALUE_FLAGS = {
  cut: 1,
  hasLength: 2,
  hasIdentity: 4,
  failed: 8,
  hasEnd: 16,
  literal: 32,
  arrays: 64,
  mask: 0x7f,
} as const;

export const CODE_FLAGS = { module: 1, generator: 2, classBody: 4, library: 8, entry: 16, mask: 0x1f } as const;

/** The low two bits of a Ref. */
export const REF = { value: 0, int: 1, float: 2, constant: 3 } as const;
export const REF_CONSTANT = { unbound: 0, none: 1, true: 2, false: 3 } as const;
export const REF_CONSTANT_COUNT = 4;
/** Exact ints outside of this range are written as VALUEs. */
export const REF_INT_MAX: bigint = (1n << 61n) - 1n;
export const REF_INT_MIN: bigint = -(1n << 61n);

export const OUTCOME_FLAGS = { hasResult: 1, hasException: 2, hasDetail: 4, mask: 0x07 } as const;

export const STREAM = { stdout: 1, stderr: 2 } as const;
