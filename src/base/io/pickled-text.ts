// A text inside a pickle, read as bytes: nothing of the pickle is run.

const PROTO = 0x80;
const FRAME = 0x95;
const SHORT_BINUNICODE = 0x8c;
const BINUNICODE = 0x58;
const BINUNICODE8 = 0x8d;
const MEMOIZE = 0x94;
const BINPUT = 0x71;
const LONG_BINPUT = 0x72;
const STOP = 0x2e;

/** Opcodes that say nothing about the value, with the bytes that follow them. */
const SKIPPED: Readonly<Record<number, number>> = {
  [PROTO]: 1,
  [FRAME]: 8,
  [MEMOIZE]: 0,
  [BINPUT]: 1,
  [LONG_BINPUT]: 4,
};

/** Throws SyntaxError for a pickle that is anything but one `str`. */
export function pickledText(pickle: Uint8Array): string {
  const view = new DataView(pickle.buffer, pickle.byteOffset, pickle.byteLength);
  let found: string | null = null;
  let at = 0;
  while (at < pickle.length) {
    const opcode = pickle[at++] as number;
    if (opcode === STOP && found !== null && at === pickle.length) return found;
    const skipped = SKIPPED[opcode];
    if (skipped !== undefined) {
      at += skipped;
      continue;
    }
    const width = opcode === SHORT_BINUNICODE ? 1 : opcode === BINUNICODE ? 4 : opcode === BINUNICODE8 ? 8 : null;
    if (width === null || found !== null || at + width > pickle.length) break;
    const length =
      width === 1 ? view.getUint8(at) : width === 4 ? view.getUint32(at, true) : view.getBigUint64(at, true);
    at += width;
    if (BigInt(length) > BigInt(pickle.length - at)) break;
    // Python's own "surrogatepass": such texts are refused here.
    found = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(pickle.subarray(at, at + Number(length)));
    at += Number(length);
  }
  throw new SyntaxError("the pickle is not one text");
}
