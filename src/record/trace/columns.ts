const NONE = new Uint32Array(0);
const NO_BYTES = new Uint8Array(0);
const FIRST_CAPACITY = 16;
/** Numbers of many columns in one piece of memory: an ArrayBuffer of its own would cost more than a small record. */
const SHARED_NUMBERS = 16 * 1024;
const MOST_OF_SHARED = SHARED_NUMBERS / 16;

let shared = new Uint32Array(0);
let used = 0;

/** Room for so many numbers, whatever they are at first. */
function room(capacity: number): Uint32Array {
  if (capacity > MOST_OF_SHARED) return new Uint32Array(capacity);
  if (used + capacity > shared.length) {
    shared = new Uint32Array(SHARED_NUMBERS);
    used = 0;
  }
  used += capacity;
  return shared.subarray(used - capacity, used);
}

/** A growing array of unsigned 32-bit numbers without an object per element. */
export class U32Column {
  #data: Uint32Array;
  #length = 0;

  constructor(capacity: number = 0) {
    this.#data = capacity === 0 ? NONE : room(capacity);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#data.length) {
      const grown = room(Math.max(FIRST_CAPACITY, this.#length * 2));
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
    this.#data = capacity === 0 ? NO_BYTES : new Uint8Array(capacity);
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
