/**
 * Random numbers that depend on the seed and the number of the program only, in 32-bit integer arithmetic (sfc32), so
 * that they are the same on every machine and in every Node. Not for secrets.
 */
export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 0;

  /** Starts the sequence of one program; neither number needs to fit 32 bits. */
  start(seed: number, index: number): void {
    this.#a = stir(seed | 0) ^ stir((index | 0) + 0x3c6ef372);
    this.#b = stir((index | 0) ^ 0x1b873593);
    this.#c = stir(high(seed) + 0x2545f491) ^ stir(high(index) + 0x632be59b);
    this.#counter = 1;
    for (let i = 0; i < 12; i++) this.#next();
  }

  /** A whole number from 0 to `count` - 1. */
  below(count: number): number {
    return Math.floor(((this.#next() >>> 0) * count) / 4_294_967_296);
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  #next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum;
  }
}

function high(value: number): number {
  return Math.floor(value / 4_294_967_296) | 0;
}

function stir(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
