// A recorded run as questions see it: the visits of statements, frame by frame. A visit begins when a statement starts to
// run in its frame; calls and returns, continuation lines and the second event of a `with` that ends are none.

import type { Program } from "../../base/schema/program.ts";
import type { Statement } from "../../python/statements.ts";
import type { TraceCursor } from "../../record/trace/cursor.ts";
import { CODE_FLAGS, EVENT } from "../../record/trace/format.ts";
import type { Trace } from "../../record/trace/trace.ts";
import type { Value } from "../../record/trace/value.ts";
import { featuresOf } from "./features.ts";
import type { Ask, Features } from "./question.ts";
import { SourceLines } from "./source-lines.ts";

/** How a visit ends where no line of its frame follows. */
export type Ending = "return" | "end" | "raise";

export interface Visit {
  readonly frame: FrameRun;
  readonly statement: Statement;
  /** The statement's first. */
  readonly line: number;
  /** Of this line in its frame, from 1. */
  readonly nth: number;
  /** Among all visits of the run, from 0. */
  readonly place: number;
  /** The event it began with. */
  readonly event: number;
  /** The frame's next event outside of the statement: the state there is the one after the visit. -1: it never ended. */
  after: number;
  next: Visit | null;
  ending: Ending | null;
  /** The type of an exception that was raised in it or went through it. */
  raised: string | null;
  /** The frame was left and entered again: a yield or an await. */
  suspended: boolean;
}

export interface FrameRun {
  readonly id: number;
  /** Qualified name of the function. */
  readonly name: string;
  /** Of the activations of functions of this name, from 1. */
  readonly nth: number;
  readonly kind: "module" | "class" | "function";
  readonly generator: boolean;
  readonly parent: FrameRun | null;
  /** From the outermost, 1. */
  readonly depth: number;
  /** Its first event. */
  readonly call: number;
  readonly visits: Visit[];
  /** Names that were ever bound, in order of first binding. */
  readonly names: Set<string>;
  /** What it returned; null: nothing, or not yet. */
  returned: Value | null;
  unwound: boolean;
}

export class QuestionRun {
  readonly program: Program;
  readonly trace: Trace;
  readonly source: SourceLines;
  /** In the order in which they were entered; those of comprehensions, lambdas and the library are left out. */
  readonly frames: readonly FrameRun[];
  /** In the order in which they began. */
  readonly visits: readonly Visit[];
  readonly #hidden: ReadonlySet<number>;
  readonly #linesOf: Map<FrameRun, ReadonlyMap<number, readonly Visit[]>> = new Map();
  #named: ReadonlyMap<string, FrameRun> | null = null;
  #byLine: ReadonlyMap<number, readonly Visit[]> | null = null;
  #states: ReadonlyMap<number, ReadonlyMap<string, Value>> | null = null;
  #drawn: readonly Visit[] | null = null;
  #features: Features | null = null;

  constructor(program: Program, trace: Trace) {
    this.program = program;
    this.trace = trace;
    this.source = new SourceLines(program.code);
    const walk = new Walk(trace, this.source);
    this.frames = walk.frames;
    this.visits = walk.visits;
    this.#hidden = walk.hidden;
  }

  get features(): Features {
    this.#features ??= featuresOf(this);
    return this.#features;
  }

  /** Visits that questions are drawn from: of a long run some of every line, spread over it. */
  get drawn(): readonly Visit[] {
    this.#drawn ??= spread(this.visits);
    return this.#drawn;
  }

  /** Whether a frame is one of a comprehension, a lambda or the library. */
  isHidden(frame: number): boolean {
    return this.#hidden.has(frame);
  }

  /** Visits of the line in the whole run, in order. */
  visitsOf(line: number): readonly Visit[] {
    this.#byLine ??= byLine(this.visits);
    return this.#byLine.get(line) ?? [];
  }

  frame(name: string, nth: number): FrameRun | undefined {
    this.#named ??= new Map(this.frames.map((frame) => [`${frame.nth} ${frame.name}`, frame]));
    return this.#named.get(`${nth} ${name}`);
  }

  /** The visit that is asked about: in one activation where the ask names one, else in the whole run. */
  visit({ line, visit = 1, function: name, frame: nth = 1 }: Ask): Visit | undefined {
    if (line === undefined) return undefined;
    if (name === undefined) return this.visitsOf(line)[visit - 1];
    const frame = this.frame(name, nth);
    if (frame === undefined) return undefined;
    let lines = this.#linesOf.get(frame);
    if (lines === undefined) {
      lines = byLine(frame.visits);
      this.#linesOf.set(frame, lines);
    }
    return lines.get(line)?.[visit - 1];
  }

  before(visit: Visit): ReadonlyMap<string, Value> {
    return this.#stateAt(visit.event);
  }

  /** Of a visit that ended. */
  after(visit: Visit): ReadonlyMap<string, Value> {
    return this.#stateAt(visit.after);
  }

  /** Those of the visits that are drawn from are read at once, in their order: a trace goes forwards only. */
  #stateAt(event: number): ReadonlyMap<string, Value> {
    if (this.#states === null) {
      const events = this.drawn.flatMap((visit) => (visit.after < 0 ? [visit.event] : [visit.event, visit.after]));
      events.sort((a, b) => a - b);
      this.#states = new Map(events.map((one) => [one, this.trace.stateAt(one)]));
    }
    return this.#states.get(event) ?? this.trace.stateAt(event);
  }
}

function byLine(visits: readonly Visit[]): ReadonlyMap<number, readonly Visit[]> {
  const lines = new Map<number, Visit[]>();
  for (const visit of visits) {
    const of = lines.get(visit.line);
    if (of === undefined) lines.set(visit.line, [visit]);
    else of.push(visit);
  }
  return lines;
}

/** Visits that questions are drawn from. */
const DRAWN = 400;

function spread(visits: readonly Visit[]): readonly Visit[] {
  if (visits.length <= DRAWN) return visits;
  const lines = byLine(visits);
  const each = Math.max(1, Math.floor(DRAWN / lines.size));
  const drawn = Array.from(lines.values()).flatMap((of) => {
    const step = Math.max(1, of.length / each);
    return Array.from({ length: Math.min(each, of.length) }, (_, i) => of[Math.floor(i * step)] as Visit);
  });
  return drawn.sort((a, b) => a.event - b.event);
}

const HIDDEN = /<(?:lambda|listcomp|setcomp|dictcomp|genexpr)>$/;

/** Reads the events once. */
class Walk {
  readonly frames: FrameRun[] = [];
  readonly visits: Visit[] = [];
  readonly hidden: Set<number> = new Set();
  readonly #source: SourceLines;
  /** Of hidden frames, the frame that they belong to. */
  readonly #byId: Map<number, FrameRun | null> = new Map();
  readonly #open: Map<FrameRun, Visit> = new Map();
  readonly #activations: Map<string, number> = new Map();
  readonly #lineVisits: Map<FrameRun, Map<number, number>> = new Map();
  readonly #blockEnds: Map<Statement, number> = new Map();

  constructor(trace: Trace, source: SourceLines) {
    this.#source = source;
    const cursor = trace.cursor();
    while (cursor.next()) this.#event(cursor);
  }

  #event(cursor: TraceCursor): void {
    const frame = this.#frame(cursor);
    if (frame === null) return;
    const { decoder, index } = cursor;
    for (let i = 0; i < cursor.changeCount; i++) frame.names.add(decoder.name(cursor.changeName(i)));
    const open = this.#open.get(frame);
    switch (cursor.kind) {
      case EVENT.line:
        this.#line(frame, cursor.line, index, open);
        break;
      case EVENT.return:
        if (!cursor.unwound) frame.returned = decoder.ref(cursor.payload);
        frame.unwound = cursor.unwound;
        if (open !== undefined) {
          if (open.after < 0) open.after = index;
          open.ending = cursor.unwound ? "raise" : frame.kind === "module" ? "end" : "return";
        }
        this.#open.delete(frame);
        this.#lineVisits.delete(frame);
        break;
      case EVENT.exception:
        if (open !== undefined && cursor.payload >= 0) open.raised ??= decoder.exceptionAt(cursor.payload).type;
        break;
      default:
        if (open !== undefined) open.suspended = true;
        break;
    }
  }

  #line(frame: FrameRun, line: number, index: number, open: Visit | undefined): void {
    const statement = this.#source.at(line);
    if (statement === undefined) return;
    if (open !== undefined && statement === open.statement && open.after < 0) return;
    if (open !== undefined && this.#source.isWith(statement) && this.#isUnder(open.line, statement)) {
      // The context managers are left: what they change is done when the line that left them is over.
      if (open.after < 0) open.after = index;
      return;
    }
    const counts = this.#lineVisits.get(frame) ?? new Map<number, number>();
    this.#lineVisits.set(frame, counts);
    const nth = (counts.get(statement.first) ?? 0) + 1;
    counts.set(statement.first, nth);
    const visit: Visit = {
      frame,
      statement,
      line: statement.first,
      nth,
      place: this.visits.length,
      event: index,
      after: -1,
      next: null,
      ending: null,
      raised: null,
      suspended: false,
    };
    if (open !== undefined) {
      if (open.after < 0) open.after = index;
      open.next = visit;
    }
    this.#open.set(frame, visit);
    frame.visits.push(visit);
    this.visits.push(visit);
  }

  #isUnder(line: number, header: Statement): boolean {
    if (line <= header.first) return false;
    const end = this.#blockEnds.get(header) ?? this.#source.blockEnd(header);
    this.#blockEnds.set(header, end);
    return line <= end;
  }

  /** null: one whose lines are not statements of the program. */
  #frame(cursor: TraceCursor): FrameRun | null {
    if (this.hidden.has(cursor.frame)) return null;
    const known = this.#byId.get(cursor.frame);
    if (known !== undefined) return known;
    const { decoder } = cursor;
    const name = decoder.codeName(cursor.code);
    const flags = decoder.index.codeFlags.at(cursor.code);
    const parentId = decoder.index.frameParent.at(cursor.frame);
    const parent = parentId === 0 ? null : (this.#byId.get(parentId - 1) ?? null);
    if ((flags & CODE_FLAGS.library) !== 0 || HIDDEN.test(name)) {
      this.hidden.add(cursor.frame);
      this.#byId.set(cursor.frame, parent);
      return null;
    }
    const nth = (this.#activations.get(name) ?? 0) + 1;
    this.#activations.set(name, nth);
    const isModule = (flags & CODE_FLAGS.module) !== 0;
    const frame: FrameRun = {
      id: cursor.frame,
      name,
      nth,
      kind: isModule ? "module" : (flags & CODE_FLAGS.classBody) !== 0 ? "class" : "function",
      generator: (flags & CODE_FLAGS.generator) !== 0,
      parent,
      depth: (parent?.depth ?? 0) + 1,
      call: cursor.index,
      visits: [],
      names: new Set(),
      returned: null,
      unwound: false,
    };
    this.#byId.set(cursor.frame, frame);
    this.frames.push(frame);
    return frame;
  }
}
