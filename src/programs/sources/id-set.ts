const FIRST_SLOTS = 1 << 16;

/**
 * Which ids were seen, in 8 bytes each (a Set of strings takes ten times that, and ends at 16.7 million). Remembers 64
 * bits of each: among ten million ids, two different ones are taken for the same with a probability of 3 in a million.
 */
export class IdSet {
  /** Two words per slot; both zero: free. */
  #slots: Uint32Array = new Uint32Array(2 * FIRST_SLOTS);
  #mask: number = FIRST_SLOTS - 1;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** False when the id was there already. */
  add(id: string): boolean {
    const [low, high] = hash(id);
    if (!this.#insert(low, high)) return false;
    this.#size++;
    if (this.#size * 3 > this.#mask * 2) this.#grow();
    return true;
  }

  #insert(low: number, high: number): boolean {
    const slots = this.#slots;
    let at = low & this.#mask;
    while (slots[2 * at] !== 0 || slots[2 * at + 1] !== 0) {
      if (slots[2 * at] === low && slots[2 * at + 1] === high) return false;
      at = (at + 1) & this.#mask;
    }
    slots[2 * at] = low;
    slots[2 * at + 1] = high;
    return true;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(2 * old.length);
    this.#mask = old.length - 1;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i] !== 0 || old[i + 1] !== 0) this.#insert(old[i] as number, old[i + 1] as number);
    }
  }
}

/** Two words, never both zero: two multiplicative hashes of the UTF-16 units, each stirred with the other at the end. */
function hash(text: string): [number, number] {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x5f356495);
  }
  a = stir(a, 0x85ebca6b) ^ stir(b, 0xc2b2ae35);
  b = stir(b, 0x85ebca6b) ^ stir(a, 0xc2b2ae35);
  return [a >>> 0 || 1, b >>> 0];
}

function stir(word: number, factor: number): number {
  const mixed = Math.imul(word ^ (word >>> 16), factor);
  return mixed ^ (mixed >>> 13);
}
