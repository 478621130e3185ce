/** Larger pieces are rare, and kept too long. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Memory that outputs were in and others will be: pages that are new to the process are dear. */
export class SpareMemory {
  readonly #most: number;
  readonly #pieces: ArrayBuffer[] = [];

  /** `most`: pieces that are kept. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The piece that was given last, which caches may still hold; null: there is none. */
  take(): ArrayBuffer | null {
    return this.#pieces.pop() ?? null;
  }

  /** A piece that is here already, or was handed to another thread, is not kept. */
  give(piece: ArrayBuffer): void {
    if (piece.byteLength === 0 || piece.byteLength > MOST_BYTES) return;
    if (this.#pieces.length < this.#most && !this.#pieces.includes(piece)) this.#pieces.push(piece);
  }
}
