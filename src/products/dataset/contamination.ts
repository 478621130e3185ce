import { hashText } from "../../base/io/hash.ts";

const WORD = /[\p{L}\p{N}_]+/gu;
const COMMENT = /#[^\n]*/g;

/** What evaluation sets hold, and which sources are too much like it. */
export class EvaluationSets {
  readonly #length: number;
  /** To the name of the set. */
  readonly #runs: Map<string, string> = new Map();
  readonly #shapes: Map<string, string> = new Map();

  /** `length`: words in a row that nothing may share with a set. */
  constructor(length: number) {
    this.#length = length;
  }

  add(name: string, code: string, shape: string | null): void {
    for (const run of this.#runsOf(code)) this.#runs.set(run, name);
    if (shape !== null) this.#shapes.set(shape, name);
  }

  /** Why a source must not be trained on; null when nothing is known against it. */
  find(code: string, shape: string | null): string | null {
    const twin = shape === null ? undefined : this.#shapes.get(shape);
    if (twin !== undefined) return `its source is one of ${twin}, but for names and layout`;
    for (const run of this.#runsOf(code)) {
      const name = this.#runs.get(run);
      if (name !== undefined) return `it shares ${this.#length} words in a row with ${name}`;
    }
    return null;
  }

  /** Hashes of all runs of words: signs say little, and most of what short programs share is signs. */
  *#runsOf(code: string): Iterable<string> {
    const words = code.replace(COMMENT, "").match(WORD) ?? [];
    for (let i = 0; i + this.#length <= words.length; i++) {
      yield hashText(words.slice(i, i + this.#length).join(" ")).slice(0, 16);
    }
  }
}
