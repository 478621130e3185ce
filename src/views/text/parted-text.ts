/**
 * A long text as the parts that it consists of, so that one that comes again (the unchanged value of a variable, line
 * after line) need not be copied and encoded each time. No part ends within a surrogate pair. In JSON it is a string.
 */
export class PartedText {
  readonly parts: readonly string[];

  constructor(parts: readonly string[]) {
    this.parts = parts;
  }

  toString(): string {
    return this.parts.join("");
  }

  toJSON(): string {
    return this.toString();
  }
}
