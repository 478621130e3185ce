import type { Program } from "../../base/schema/program.ts";
import { SourceStatements, type Statement } from "../../python/statements.ts";
import { CODE_FLAGS } from "../../record/trace/format.ts";
import type { Trace } from "../../record/trace/trace.ts";
import type { Value } from "../../record/trace/value.ts";
import { cheapRepr } from "../text/cheap-repr.ts";
import { RowSize } from "../text/row-size.ts";
import { valueText } from "../text/value-text.ts";
import { type ShownEvent, shownEvents } from "../walk/shown-events.ts";
import { targetCodes } from "../walk/target.ts";
import type { Renderer, View } from "./renderer.ts";
import { textRenderer } from "./text-row.ts";

const COMPREHENSION = /<(list|set|dict)comp>$/;
/** Values of one name that are shown of a comprehension. */
const MOST_VALUES = 11;

export const snoopRenderer: Renderer = textRenderer(
  {
    name: "snoop",
    title: "snoop's layout as Execution-Grounded-Reasoning records it: what changed, below the line that changed it",
    example: " >>> Call to f\n ...... n = 3",
    corrects:
      "values are whole, and so changes in their middle are seen; what a line changed before it raised is shown, and all functions are",
    skips: "| ... iterations 3 to 8 of line 3",
  },
  snoopText,
);

function snoopText(program: Program, trace: Trace, view: View): string {
  const { decoder } = trace;
  const { index } = decoder;
  const targets = targetCodes(program, trace);
  const statements = new SourceStatements(program.code);
  const writer = new SnoopWriter(statements, view);
  const most = view.correct ? Number.MAX_SAFE_INTEGER : definitions(program.code);
  /** By frame, calls from the target function to it. */
  const distances: (number | undefined)[] = [];
  for (const event of shownEvents(trace, statements, view)) {
    const code = index.frameCode.at(event.frame);
    const flags = index.codeFlags.at(code);
    distances[event.frame] ??= distance(event, targets[code] === 1, distances);
    const near = (distances[event.frame] as number) < most;
    if (near && (flags & CODE_FLAGS.module) === 0) writer.write(event, (flags & CODE_FLAGS.generator) !== 0);
  }
  return writer.text();
}

/** How many calls deep the published script traces: as many as there are named functions. */
function definitions(code: string): number {
  return Math.max(1, code.match(/def \w+\(/g)?.length ?? 0);
}

/** Comprehensions are as near as the functions that they are in. */
function distance({ parent, function: name }: ShownEvent, target: boolean, distances: (number | undefined)[]): number {
  if (target) return 0;
  const around = parent === null ? Number.POSITIVE_INFINITY : (distances[parent] ?? Number.POSITIVE_INFINITY);
  return COMPREHENSION.test(name) ? around : around + 1;
}

interface SnoopFrame {
  /** Everything that is bound. */
  readonly state: Map<string, Value>;
  /** As shown since the frame was entered last. */
  texts: Map<string, string>;
  /** Of a comprehension: by name the values so far. */
  readonly values: Map<string, string[]>;
  lastLine: number;
  depth: number;
}

/** The state that snoop keeps between events. */
class SnoopWriter {
  readonly #statements: SourceStatements;
  readonly #view: View;
  readonly #frames: Map<number, SnoopFrame> = new Map();
  readonly #lines: string[] = [];
  readonly #size: RowSize = new RowSize();
  #depth = -1;
  #lastFrame = -1;

  constructor(statements: SourceStatements, view: View) {
    this.#statements = statements;
    this.#view = view;
  }

  text(): string {
    return this.#lines.join("\n");
  }

  write(event: ShownEvent, generator: boolean): void {
    const enters = event.kind === "call" || event.kind === "resume";
    const known = this.#frames.get(event.frame);
    const frame = known ?? {
      state: new Map(),
      texts: new Map(),
      values: new Map(),
      lastLine: event.line,
      depth: this.#depth,
    };
    this.#frames.set(event.frame, frame);
    if (enters) {
      frame.depth = ++this.#depth;
      frame.texts = new Map();
      frame.lastLine = event.line;
    } else {
      // Iterations that are left out may have the end of a call, or its begin, or a generator's.
      this.#depth = frame.depth;
      if (this.#lastFrame !== event.frame && this.#lastFrame >= 0) this.#put(this.#source(frame.lastLine));
    }
    this.#lastFrame = event.frame;
    const before = this.#statements.at(frame.lastLine);
    const comprehension = COMPREHENSION.exec(event.function)?.[1];
    const changed = this.#changed(frame, event, comprehension !== undefined);
    frame.lastLine = event.line;
    if (enters) this.#start(event, generator, comprehension);
    if (event.kind !== "exception" || this.#view.correct) this.#variables(changed, before, comprehension !== undefined);
    if (event.elided !== null) {
      const { line, from, to } = event.elided;
      for (const values of frame.values.values()) values.push("...");
      this.#put(`     | ... iterations ${from} to ${to} of line ${line}`);
      return;
    }
    this.#event(event, before, comprehension !== undefined);
    if (event.kind !== "return" && event.kind !== "yield") return;
    this.#depth -= 1;
    if (event.kind === "return") this.#frames.delete(event.frame);
  }

  /** Applies the event's changes; returns the names and texts to show. */
  #changed(frame: SnoopFrame, event: ShownEvent, comprehension: boolean): [string, string][] {
    for (const [name, value] of event.changes) {
      if (value === null) {
        frame.state.delete(name);
        frame.texts.delete(name);
      } else {
        frame.state.set(name, value);
      }
    }
    const ends = event.kind === "return" || event.kind === "exception";
    if (event.function.endsWith("<genexpr>") && !ends) return [];
    const changed: [string, string][] = [];
    const candidates = frame.texts.size === 0 ? frame.state : this.#touched(frame, event);
    for (const [name, value] of candidates) {
      const text = this.#value(value);
      if (frame.texts.get(name) === text) continue;
      frame.texts.set(name, text);
      changed.push([name, text]);
    }
    if (!comprehension) return changed;
    for (const [name, text] of changed) {
      const values = frame.values.get(name) ?? [];
      frame.values.set(name, withValue(values, text));
    }
    return ends ? Array.from(frame.values, ([name, values]) => [name, values.join(", ")]) : [];
  }

  *#touched(frame: SnoopFrame, { changes }: ShownEvent): Generator<[string, Value]> {
    for (const [name, value] of changes) if (value !== null && frame.state.has(name)) yield [name, value];
  }

  #start(event: ShownEvent, generator: boolean, comprehension: string | undefined): void {
    if (comprehension !== undefined) {
      this.#put(`${comprehension.charAt(0).toUpperCase()}${comprehension.slice(1)} comprehension:`);
      return;
    }
    const what = !generator ? "Call to" : event.kind === "resume" ? "Re-enter generator" : "Start generator";
    this.#put(`>>> ${what} ${event.function}`);
  }

  #variables(changed: readonly [string, string][], statement: Statement | undefined, comprehension: boolean): void {
    const source =
      statement === undefined || manyAt(statement) ? "" : (this.#statements.lines[statement.first - 1] ?? "");
    const indentation = /^\s*/.exec(source)?.[0] ?? "";
    const dots = indentation.replaceAll(" ", ".").replaceAll("\t", "....");
    for (const [name, text] of changed) {
      // What the line itself says needs no telling, a function's own name neither.
      if (`${name} = ${text}` === source.trim()) continue;
      if (/^def\s+([^\s(]+)/.exec(source.trimStart())?.[1] === name) continue;
      const said = /^\.\d+$/.test(name) ? "Iterating over" : comprehension ? `Values of ${name}:` : `${name} =`;
      this.#putLines(`......${dots} ${said} `, text);
    }
  }

  #event(event: ShownEvent, before: Statement | undefined, comprehension: boolean): void {
    switch (event.kind) {
      case "return":
      case "yield": {
        if (event.value === null) this.#put("!!! Call ended by exception");
        else {
          const what = event.kind === "yield" ? "Yield" : "Return";
          const prefix = comprehension ? "Result: " : `<<< ${what} value from ${event.function}: `;
          this.#putLines(prefix, this.#value(event.value));
        }
        return;
      }
      case "exception": {
        const { type, message } = event.exception ?? { type: "Exception", message: "" };
        for (const line of pythonLines(message === "" ? type : `${type}: ${message}`)) this.#put(`!!! ${line}`);
        return;
      }
      case "line":
        if (comprehension) return;
        this.#statementStart(event.line, before);
        this.#put(this.#source(event.line));
        return;
      default:
        this.#put(this.#source(this.#definition(event)));
    }
  }

  /** The lines of a statement before the one that ran first. */
  #statementStart(line: number, before: Statement | undefined): void {
    const statement = this.#statements.at(line);
    if (statement === undefined || before === undefined || statement === before) return;
    if (manyAt(statement) || manyAt(before)) return;
    for (let above = statement.first; above < line; above++) this.#put(this.#source(above));
  }

  /** A decorated function is called on the line of its decorator, and shown with that of its name. */
  #definition({ kind, line }: ShownEvent): number {
    if (kind !== "call" || !(this.#statements.lines[line - 1] ?? "").trimStart().startsWith("@")) return line;
    for (let at = line; at < this.#statements.lines.length; at++) {
      if ((this.#statements.lines[at] ?? "").trimStart().startsWith("def")) return at + 1;
    }
    return line;
  }

  #source(line: number): string {
    return `${String(line).padStart(4)} | ${this.#statements.lines[line - 1] ?? ""}`;
  }

  #value(value: Value): string {
    const text = valueText(value, this.#view);
    return this.#view.correct || this.#view.valueChars !== 0 ? text : cheapRepr(text);
  }

  /** A text of several lines, those behind the first below it. */
  #putLines(prefix: string, text: string): void {
    for (const [i, line] of pythonLines(text).entries())
      this.#put((i === 0 ? prefix : " ".repeat(prefix.length)) + line);
  }

  #put(line: string): void {
    const whole = `${"    ".repeat(this.#depth)} ${line}`;
    this.#size.add(whole.length);
    this.#lines.push(whole);
  }
}

/** Several statements share the line; snoop then knows none of them. */
function manyAt({ inline, several }: Statement): boolean {
  return inline || several;
}

function withValue(values: string[], text: string): string[] {
  if (values.at(-1) === text) return values;
  const all = [...values, text];
  if (all.length <= MOST_VALUES) return all;
  const side = (MOST_VALUES - 1) / 2;
  return [...all.slice(0, side), "...", ...all.slice(-side)];
}

/** As `str.splitlines`, with one empty line for an empty text. */
function pythonLines(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Python breaks lines at these
  const lines = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  if (lines.length > 1 && lines.at(-1) === "") lines.pop();
  return lines;
}
