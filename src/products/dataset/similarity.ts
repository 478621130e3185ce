const TOKEN = /[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu;
const COMMENT = /#[^\n]*/g;
const SHINGLE = 5;
const HASHES = 64;
/** Bands of as many hashes: sources of 80 % similarity share one with a probability over 0.999. */
const BAND = 4;

/** The words and signs of source, without comments and space. */
export function tokensOf(code: string): string[] {
  return code.replace(COMMENT, "").match(TOKEN) ?? [];
}

/** Tells which of the sources so far are nearly the same, by MinHash: groups grow together when a source joins two. */
export class SimilarSources {
  readonly #threshold: number;
  readonly #parents: number[] = [];
  readonly #signatures: Uint32Array[] = [];
  readonly #bands: Map<string, number[]> = new Map();
  readonly #shapes: Map<string, number> = new Map();

  constructor(threshold: number) {
    this.#threshold = threshold;
  }

  /** The source's number. Equal `shape`s are always together; null: it has none. */
  add(code: string, shape: string | null): number {
    const index = this.#parents.length;
    this.#parents.push(index);
    const signature = minHash(tokensOf(code));
    this.#signatures.push(signature);
    const twin = shape === null ? undefined : this.#shapes.get(shape);
    if (twin !== undefined) this.join(twin, index);
    else if (shape !== null) this.#shapes.set(shape, index);
    for (let band = 0; band < HASHES / BAND; band++) {
      const key = `${band} ${signature.subarray(band * BAND, (band + 1) * BAND).join(" ")}`;
      const others = this.#bands.get(key);
      if (others === undefined) {
        this.#bands.set(key, [index]);
        continue;
      }
      for (const other of others) if (this.#similar(other, index)) this.join(other, index);
      // Those of one group need no second witness.
      if (others.length < 8) others.push(index);
    }
    return index;
  }

  /** Equal for sources of one group. */
  group(index: number): number {
    let at = index;
    while (this.#parents[at] !== at) {
      this.#parents[at] = this.#parents[this.#parents[at] as number] as number;
      at = this.#parents[at] as number;
    }
    return at;
  }

  /** Makes one group of those of two sources. */
  join(a: number, b: number): void {
    const [first, second] = [this.group(a), this.group(b)];
    this.#parents[Math.max(first, second)] = Math.min(first, second);
  }

  #similar(a: number, b: number): boolean {
    const [first, second] = [this.#signatures[a] as Uint32Array, this.#signatures[b] as Uint32Array];
    let equal = 0;
    for (let i = 0; i < HASHES; i++) if (first[i] === second[i]) equal++;
    return equal / HASHES >= this.#threshold;
  }
}

function minHash(tokens: readonly string[]): Uint32Array {
  const signature = new Uint32Array(HASHES).fill(0xffffffff);
  for (let i = 0; i + Math.min(SHINGLE, tokens.length) <= tokens.length; i++) {
    const base = wordHash(tokens.slice(i, i + SHINGLE).join("\u0000"));
    for (let h = 0; h < HASHES; h++) {
      const value = mixed(base ^ Math.imul(h + 1, 0x9e3779b1));
      if (value < (signature[h] as number)) signature[h] = value;
    }
    if (tokens.length === 0) break;
  }
  return signature;
}

function wordHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

function mixed(word: number): number {
  let x = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
