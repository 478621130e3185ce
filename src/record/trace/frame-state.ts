import { ByteCursor } from "./byte-cursor.ts";
import type { Decoder } from "./decoder.ts";
import { EVENT_HAS_CHANGES } from "./format.ts";
import { skipRef } from "./ref.ts";
import type { Value } from "./value.ts";

/** What one frame has bound: name ids and reference offsets, in order of first binding. */
export class FrameState {
  readonly #slots: Map<number, number> = new Map();

  /** A name that was unbound keeps its place. */
  set(name: number, ref: number): void {
    this.#slots.set(name, ref);
  }

  find(decoder: Decoder, name: string): Value | null {
    for (const [id, ref] of this.#slots) {
      if (decoder.name(id) === name) return decoder.ref(ref);
    }
    return null;
  }

  /** Calls `visit` for every bound name. */
  forEach(decoder: Decoder, visit: (name: number, ref: number) => void): void {
    for (const [name, ref] of this.#slots) {
      if (!decoder.isUnbound(ref)) visit(name, ref);
    }
  }

  values(decoder: Decoder): Map<string, Value> {
    const bound = new Map<string, Value>();
    for (const [name, ref] of this.#slots) {
      const value = decoder.ref(ref);
      if (value !== null) bound.set(decoder.name(name), value);
    }
    return bound;
  }

  /** Applies the changes of one event of this frame. */
  apply(decoder: Decoder, event: number): void {
    const { bytes, eventTag, eventChanges } = decoder.index;
    if ((eventTag.at(event) & EVENT_HAS_CHANGES) === 0) return;
    const reader = new ByteCursor(bytes, eventChanges.at(event));
    for (let left = reader.number("the count of changes"); left > 0; left--) {
      const name = reader.number("a name id");
      const ref = reader.at;
      skipRef(reader);
      this.set(name, ref);
    }
  }
}
