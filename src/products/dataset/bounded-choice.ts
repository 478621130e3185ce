import { hashText } from "../../base/io/hash.ts";

/** Up to `most` ids of each key, chosen by a hash: the same ones whatever else is offered in between. */
export class BoundedChoice {
  readonly #most: number;
  readonly #seed: number;
  /** Smallest hashes first. */
  readonly #chosen: Map<string, { id: string; hash: string }[]> = new Map();

  constructor(most: number, seed: number) {
    this.#most = most;
    this.#seed = seed;
  }

  offer(key: string, id: string): void {
    const chosen = this.#chosen.get(key) ?? [];
    chosen.push({ id, hash: hashText(`${this.#seed}\n${id}`) });
    chosen.sort((a, b) => (a.hash < b.hash ? -1 : 1));
    this.#chosen.set(key, chosen.slice(0, this.#most));
  }

  has(key: string, id: string): boolean {
    return this.#chosen.get(key)?.some((one) => one.id === id) ?? false;
  }
}
