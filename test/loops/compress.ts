// What a record with skipped loops must hold, made from a full one: independent of the native code.
import type { Trace } from "../../src/record/trace/trace.ts";
import type { TraceEvent, Value } from "../../src/record/trace/value.ts";

/** A row of test/reference/loops.py: where every event happened. */
export interface Paths {
  events: [kind: string, name: string, line: number, path: [run: number, iteration: number][]][];
  loops: Record<string, [line: number, frame: number, iterations: number, clause: boolean]>;
}

/** One line per event, with all that is bound, and per elision; frames are numbered as they first appear. */
export function compressed(full: Trace, paths: Paths, head: number, tail: number): string[] {
  const frames = new Frames();
  const lines: string[] = [];
  const elided = (run: number): boolean => iterations(run) > head + tail;
  const iterations = (run: number): number => (paths.loops[run] as Paths["loops"][string])[2];
  const kept = ([run, n]: [number, number]): boolean => !elided(run) || n <= head || n > iterations(run) - tail;
  const marked = new Set<number>();
  for (const event of full.events()) {
    const path = (paths.events[event.index] as Paths["events"][0])[3];
    for (const [depth, [run, n]] of path.entries()) {
      if (!elided(run) || marked.has(run) || n <= iterations(run) - tail) continue;
      marked.add(run);
      if (!path.slice(0, depth).every(kept)) continue;
      const skipped = (at: [number, number]): boolean =>
        at[0] === run && at[1] > head && at[1] <= iterations(run) - tail;
      const events = paths.events.filter(([, , , other]) => other.some(skipped)).length;
      const [line, first] = paths.loops[run] as Paths["loops"][string];
      const frame = frameOf(full, first);
      frames.add(full, frame);
      lines.push(
        `elided #${frames.number(frame)} loop ${line} from ${head + 1} count ${iterations(run) - head - tail} events ${events}`,
      );
    }
    if (!path.every(kept)) continue;
    frames.add(full, event.frame);
    lines.push(shown(full, event, frames));
  }
  return lines;
}

/** The same lines of a record as it is. */
export function asLines(trace: Trace): string[] {
  const frames = new Frames();
  const lines: string[] = [];
  const elisions = [...trace.elisions()];
  const showElisions = (before: number): void => {
    while (elisions[0] !== undefined && elisions[0].before <= before) {
      const { frame, loopLine, first, count, events } = elisions.shift() as (typeof elisions)[0];
      frames.add(trace, frame);
      lines.push(`elided #${frames.number(frame)} loop ${loopLine} from ${first} count ${count} events ${events}`);
    }
  };
  for (const event of trace.events()) {
    showElisions(event.index);
    frames.add(trace, event.frame);
    lines.push(shown(trace, event, frames));
  }
  showElisions(trace.eventCount);
  return lines;
}

class Frames {
  readonly #numbers: Map<number, number> = new Map();

  /** Callers first. */
  add(trace: Trace, frame: number): void {
    if (this.#numbers.has(frame)) return;
    const { parent } = trace.frame(frame);
    if (parent !== null) this.add(trace, parent);
    this.#numbers.set(frame, this.#numbers.size);
  }

  number(frame: number): number {
    return this.#numbers.get(frame) as number;
  }
}

function frameOf(trace: Trace, event: number): number {
  return trace.decoder.index.eventFrame.at(event);
}

function shown(trace: Trace, event: TraceEvent, frames: Frames): string {
  const state = Array.from(trace.stateAt(event.index), ([name, value]) => `${name}=${text(value)}`).sort();
  const parent = event.parent === null ? "" : ` of #${frames.number(event.parent)}`;
  const value = event.value === null ? "" : ` -> ${text(event.value)}`;
  const raised = event.exception === null ? "" : ` !! ${event.exception.type} ${event.exception.message}`;
  return `${event.kind} #${frames.number(event.frame)}${parent} ${event.function}:${event.line} | ${state.join(" ")}${value}${raised}`;
}

function text({ type, repr, identity }: Value): string {
  return `${type} ${repr} ${identity ?? ""}`;
}
