const NO_U32 = new Uint32Array(0);
const NO_U8 = new Uint8Array(0);
const FIRST_CAPACITY = 16;

/** A growing array of unsigned 32-bit numbers without an object per element. */
export class U32Column {
  #data: Uint32Array;
  #length = 0;

  constructor(capacity: number = 0) {
    this.#data = capacity === 0 ? NO_U32 : new Uint32Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#data.length) {
      const grown = new Uint32Array(Math.max(FIRST_CAPACITY, this.#length * 2));
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

  constructor(capacity: number = 0) {
    this.#data = capacity === 0 ? NO_U8 : new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#data.length) {
      const grown = new Uint8Array(Math.max(FIRST_CAPACITY, this.#length * 2));
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
