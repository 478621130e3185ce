import { ByteCursor } from "./byte-cursor.ts";
import type { Decoder } from "./decoder.ts";
import { EVENT, EVENT_HAS_CHANGES, EVENT_HAS_PAYLOAD, EVENT_KIND_MASK } from "./format.ts";
import { FrameState } from "./frame-state.ts";
import { skipRef } from "./ref.ts";
import { ThreadWalk } from "./threads.ts";
import type { Value } from "./value.ts";

const NO_REFS = new Uint32Array(0);

/**
 * Walks the events of a trace without making an object per event. The fields describe the current event; nothing is
 * current before the first `next()`.
 */
export class TraceCursor {
  /** @internal */
  readonly decoder: Decoder;
  /** -1 before the first event. */
  index: number = -1;
  /** EVENT of the record format. */
  kind: number = EVENT.call;
  frame: number = 0;
  code: number = 0;
  line: number = 0;
  /** On which the event happened. */
  thread: number = 0;
  changeCount: number = 0;
  readonly #reader: ByteCursor;
  readonly #threads: ThreadWalk;
  readonly #states: (FrameState | undefined)[] = [];
  #changeNames: Uint32Array = NO_REFS;
  #changeRefs: Uint32Array = NO_REFS;
  #left: number = -1;

  /** @internal */
  constructor(decoder: Decoder) {
    this.decoder = decoder;
    this.#reader = new ByteCursor(decoder.index.bytes);
    this.#threads = new ThreadWalk(decoder.index);
  }

  next(): boolean {
    const { index } = this.decoder;
    // A frame that returned has no further event; its state is not needed again.
    if (this.#left >= 0) this.#states[this.#left] = undefined;
    this.#left = -1;
    const at = this.index + 1;
    if (at >= index.eventTag.length) return false;
    this.index = at;
    const tag = index.eventTag.at(at);
    this.kind = tag & EVENT_KIND_MASK;
    this.frame = index.eventFrame.at(at);
    this.code = index.frameCode.at(this.frame);
    this.line = index.eventLine.at(at);
    this.thread = this.#threads.at(at);
    this.changeCount = 0;
    if ((tag & EVENT_HAS_CHANGES) !== 0) this.#readChanges(index.eventChanges.at(at));
    if (this.kind === EVENT.return) this.#left = this.frame;
    return true;
  }

  /** Name id of change `i`, below `changeCount`. */
  changeName(i: number): number {
    return this.#changeNames[i] as number;
  }

  /** Reference offset of change `i`, for the decoder. */
  changeRef(i: number): number {
    return this.#changeRefs[i] as number;
  }

  /** Offset of what is returned, yielded or raised; -1: none. */
  get payload(): number {
    const { eventTag, eventPayload } = this.decoder.index;
    return (eventTag.at(this.index) & EVENT_HAS_PAYLOAD) !== 0 ? eventPayload.at(this.index) : -1;
  }

  /** A return event of a frame that an exception left. */
  get unwound(): boolean {
    return this.kind === EVENT.return && this.payload < 0;
  }

  /** What is bound in the current frame when the event fires; valid until `next()`. */
  get bound(): FrameState {
    this.#states[this.frame] ??= new FrameState();
    return this.#states[this.frame] as FrameState;
  }

  /** The current frame's value of a name; null: unbound. */
  state(name: string): Value | null {
    return this.bound.find(this.decoder, name);
  }

  #readChanges(offset: number): void {
    const reader = this.#reader;
    reader.at = offset;
    const count = reader.number("the count of changes");
    if (count > this.#changeNames.length) {
      this.#changeNames = new Uint32Array(count * 2);
      this.#changeRefs = new Uint32Array(count * 2);
    }
    const state = this.bound;
    for (let i = 0; i < count; i++) {
      const name = reader.number("a name id");
      const ref = reader.at;
      skipRef(reader);
      this.#changeNames[i] = name;
      this.#changeRefs[i] = ref;
      state.set(name, ref);
    }
    this.changeCount = count;
  }
}
