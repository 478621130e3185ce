// The threads of a record: whose each event is, and what one of them did.

import { ByteCursor } from "./byte-cursor.ts";
import { TAG } from "./format.ts";
import type { RecordIndex } from "./reader.ts";

/** Tells, of events in rising order, on which thread each happened. */
export class ThreadWalk {
  readonly #index: RecordIndex;
  #next = 0;
  #thread = 0;

  constructor(index: RecordIndex) {
    this.#index = index;
  }

  at(event: number): number {
    const { threadEvent, threadNumber } = this.#index;
    while (this.#next < threadEvent.length && threadEvent.at(this.#next) <= event) {
      this.#thread = threadNumber.at(this.#next++);
    }
    return this.#thread;
  }
}

/** Of the threads that have frames, in rising order; a frame is of the thread of its first event. */
export function threadsOf(index: RecordIndex): number[] {
  if (index.threadNumber.length === 0) return index.eventTag.length === 0 ? [] : [0];
  return [...new Set(frameThreads(index).values())].sort((a, b) => a - b);
}

/** By frame, for those that have events. */
export function frameThreads(index: RecordIndex): Map<number, number> {
  const threads = new Map<number, number>();
  const walk = new ThreadWalk(index);
  for (let event = 0; event < index.eventTag.length; event++) {
    const frame = index.eventFrame.at(event);
    const thread = walk.at(event);
    if (!threads.has(frame)) threads.set(frame, thread);
  }
  return threads;
}

/**
 * The same record with the events of one thread's frames only. All output stays, and frames keep their ids. A frame's
 * events stay together, also those of a generator that went on in another thread: each tells what changed since the
 * one before.
 */
export function indexOfThread(index: RecordIndex, thread: number): RecordIndex {
  const threads = frameThreads(index);
  const kept = index.withoutEvents();
  const isKept = (frame: number): boolean => threads.get(frame) === thread;
  for (let event = 0, aside = 0; event <= index.eventTag.length; event++) {
    for (; aside < index.asideTag.length && index.asideEvent.at(aside) === event; aside++) {
      const tag = index.asideTag.at(aside);
      const offset = index.asideOffset.at(aside);
      if (tag === TAG.output || (tag === TAG.elided && isKept(frameAt(index, offset)))) {
        kept.addAside(tag, offset);
      }
    }
    if (event < index.eventTag.length && isKept(index.eventFrame.at(event))) {
      kept.addEvent(
        index.eventTag.at(event),
        index.eventFrame.at(event),
        index.eventLine.at(event),
        index.eventChanges.at(event),
        index.eventPayload.at(event),
      );
    }
  }
  return kept;
}

function frameAt(index: RecordIndex, offset: number): number {
  return new ByteCursor(index.bytes, offset).number("a frame id");
}
