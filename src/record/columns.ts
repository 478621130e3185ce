/** A growing array of unsigned 32-bit numbers without an object per element. */
export class U32Column {
  #data: Uint32Array;
  #length = 0;

  constructor(capacity: number = 16) {
    this.#data = new Uint32Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#data.length) {
      const grown = new Uint32Array(this.#length * 2);
      grown.set(this.#data);
      this.#data = grown;
    }
    this.#data[this.#length++] = value;
  }

  /** `index` must be below `length`. */
  at(index: number): number {
    return this.#data[index] as number;
  }

  set(index: number, value: number): void {
    this.#data[index] = value;
  }
}

/** As U32Column, for bytes. */
export class U8Column {
  #data: Uint8Array;
  #length = 0;

  constructor(capacity: number = 16) {
    this.#data = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#data.length) {
      const grown = new Uint8Array(this.#length * 2);
      grown.set(this.#data);
      this.#data = grown;
    }
    this.#data[this.#length++] = value;
  }

  /** `index` must be below `length`. */
  at(index: number): number {
    return this.#data[index] as number;
  }
}
