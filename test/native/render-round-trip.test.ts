// What parsers read of a rendered text equals the states of the trace it was rendered from, as far as the format
// carries them. What is expected comes from the trace's own events and states.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import type { Program } from "../../src/base/schema/program.ts";
import { openTracer, type ProgramTrace } from "../../src/engine/tracer.ts";
import { isLiteral } from "../../src/python/literal.ts";
import { CODE_FLAGS } from "../../src/record/trace/format.ts";
import type { TraceEvent, Value } from "../../src/record/trace/value.ts";
import { parseCodeexecutor, tokens } from "../../src/views/formats/codeexecutor.ts";
import { parseCwm } from "../../src/views/formats/cwm.ts";
import { parseExecverify } from "../../src/views/formats/execverify.ts";
import { parseStepReply } from "../../src/views/formats/llmexecutor.ts";
import { parseLlmexecutorStates } from "../../src/views/formats/llmexecutor-states.ts";
import { parseNext } from "../../src/views/formats/next.ts";
import { findRenderer } from "../../src/views/formats/registry.ts";
import { type Rendered, textOf, type View } from "../../src/views/formats/renderer.ts";
import { parseScratchpad } from "../../src/views/formats/scratchpad.ts";
import { parseSemenhanceOur } from "../../src/views/formats/semenhance-our.ts";
import { parseSnoop } from "../../src/views/formats/snoop-parser.ts";
import { parseStatelens } from "../../src/views/formats/statelens-parser.ts";
import { parseTable } from "../../src/views/formats/table.ts";
import { parseConcise, parseSemenhanceExe } from "../../src/views/formats/tagged-lines.ts";
import { targetCodes } from "../../src/views/walk/target.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { cruxevalPrograms, pyeduPrograms } from "../helpers/sample-programs.ts";

/** Longer runs are left out: they say nothing new. */
const MOST_EVENTS = 1_000;
const WHOLE: View = { correct: true, loops: null, valueChars: 0 };
const [python] = await builtPythons();
const golden: Program = {
  id: "golden",
  code: readFileSync(packagePath("test", "golden", "render", "program.py"), "utf8"),
  entry: "f(2, 2)",
};
const traces: ProgramTrace[] = [];

describe.skipIf(python !== undefined)("round trips", () => {
  it("need a build", (test) => test.skip(NOT_BUILT));
});

describe.skipIf(python === undefined)("what parsers read equals the trace", () => {
  beforeAll(async () => {
    const programs = [golden, ...(await cruxevalPrograms(200)), ...(await pyeduPrograms(100))];
    await using tracer = await openTracer({
      ...(python && { python: python.executable }),
      workers: 1,
      maxValueChars: 0,
      maxEvents: MOST_EVENTS,
    });
    for await (const trace of tracer.run(programs)) {
      // Programs of PyEdu may call a class, which formats of one function do not show.
      if (trace.outcome.status === "ok" && callsFunction(trace)) traces.push(trace);
    }
  }, 600_000);

  it("StateLens", () => {
    for (const trace of traces) {
      const content = (row(trace, "statelens", { ...WHOLE, correct: false }) as { messages: { content: string }[] })
        .messages[2]?.content;
      const text = /<think>\n([\s\S]*)\n<\/think>/.exec(content ?? "")?.[1] ?? "";
      const hidden = (name: string): boolean => name.startsWith("__") || name.startsWith(".");
      const wanted = afterLines(trace, true).map(({ line, names }) => ({
        line,
        names: new Map(Array.from(names).filter(([name]) => !hidden(name))),
      }));
      expect(parseStatelens(text).map(({ line, names }) => ({ line, names }))).toEqual(wanted);
    }
  });

  it("the table", () => {
    for (const trace of traces) {
      const { rows, output } = parseTable(text(trace, "table"));
      const ran = rows.filter(({ detail }) => !detail?.includes("raises"));
      expect(ran.map(({ line, names }) => ({ line, names }))).toEqual(afterLines(trace, false));
      expect(output).toBe(trace.outcome.result?.repr);
    }
  });

  it("CodeExecutor, with its strings and without", () => {
    for (const trace of traces) {
      const wanted = afterLines(trace, false);
      const read = (view: View) =>
        parseCodeexecutor(text(trace, "codeexecutor", view)).filter((line) => line.line !== null && line.text === null);
      expect(read(WHOLE).map(({ line, names }) => ({ line, names }))).toEqual(wanted);
      expect(read({ ...WHOLE, correct: false }).map(({ names }) => names)).toEqual(
        wanted.map(({ names }) => new Map(Array.from(names, ([name, repr]) => [name, tokens(repr)]))),
      );
    }
  });

  it("LLMExecutor's states", () => {
    for (const trace of traces) {
      const read = parseLlmexecutorStates(text(trace, "llmexecutor-states")).filter(({ error }) => error === null);
      const shown = read.map(({ line, names }) =>
        JSON.stringify([line, Array.from(names, ([name, { repr }]) => [name, repr])]),
      );
      const skipped = /^<(?:map|function|built-in|bound method)/;
      const wanted = afterLines(trace, false).map(({ line, names }) =>
        JSON.stringify([line, Array.from(names).filter(([, repr]) => !skipped.test(repr))]),
      );
      expect(shown.filter((one, i) => one !== shown[i - 1])).toEqual(wanted.filter((one, i) => one !== wanted[i - 1]));
    }
  });

  it("LLMExecutor's steps", () => {
    for (const trace of traces) {
      const rows = findRenderer("llmexecutor-sft").render(trace.program, trace, WHOLE);
      const read = rows.map(({ said }) => parseStepReply(said().trace)).filter(({ error }) => error === null);
      const wanted = stepsOf(trace);
      expect(read.map(({ line, state, next }) => ({ line, state, next }))).toEqual(wanted);
    }
  });

  it("ExecVerify's events", () => {
    for (const trace of traces) {
      const events = parseExecverify(JSON.stringify(row(trace, "execverify"))).filter(
        ({ locals }) => locals !== undefined,
      );
      const wanted = Array.from(trace.events()).filter(
        (event) => !inModule(trace, event) && ["call", "line", "resume"].includes(event.kind),
      );
      expect(events.map(({ line_no, locals }) => [line_no, new Map(Object.entries(locals ?? {}))])).toEqual(
        wanted.map((event) => [event.line, reprs(trace.stateAt(event.index), "unrepr")]),
      );
    }
  });

  it("CWM's frames, with the values that '..' stands for", () => {
    for (const trace of traces) {
      const { frames } = parseCwm(text(trace, "cwm"));
      const open: Map<string, string>[] = [];
      const read: Map<string, string>[] = [];
      for (const { event, locals } of frames) {
        if (event === "call") open.push(new Map());
        if (event === "return") open.pop();
        if (locals === null) continue;
        const before = open.at(-1);
        const now = new Map(
          Array.from(locals, ([name, value]) => [name, value === ".." ? (before?.get(name) ?? "?") : value]),
        );
        open[open.length - 1] = now;
        read.push(now);
      }
      const targets = targetCodes(trace.program, trace);
      const all = Array.from(trace.events());
      const start = all.findIndex((event) => targets[trace.decoder.index.frameCode.at(event.frame)] === 1);
      const wanted = all
        .slice(start)
        .filter((event) => !inModule(trace, event) && ["call", "line", "resume"].includes(event.kind));
      expect(read).toEqual(wanted.map((event) => reprs(trace.stateAt(event.index))));
    }
  });

  it.each([
    [
      "next",
      (text: string, code: string) =>
        parseNext(text, code).flatMap(({ order, line, names }) => (order === null ? [] : [{ order, line, names }])),
    ],
    [
      "semenhance-our",
      (text: string) =>
        parseSemenhanceOur(text).flatMap(({ order, line, names }) => (order === null ? [] : [{ order, line, names }])),
    ],
  ] as const)("%s, but for what it clips", (format, parse) => {
    for (const trace of traces) {
      const wanted = changesOf(trace).map((change, i) => ({ order: i + 1, ...change }));
      const read = parse(text(trace, format), trace.program.code);
      for (const one of read) expect(one).toEqual(wanted[one.order - 1]);
      const crowded = new Set(
        entryCounts(trace)
          .filter(([, count]) => count > 3)
          .map(([line]) => line),
      );
      const whole = wanted.filter(({ line }) => !crowded.has(line));
      expect(read.filter(({ line }) => !crowded.has(line)).toSorted((a, b) => a.order - b.order)).toEqual(whole);
    }
  });

  it.each([
    ["concise", (text: string) => parseConcise(text).filter(({ output }) => output === null)],
    ["semenhance-exe", (text: string) => parseSemenhanceExe(text).filter(({ output }) => output === null)],
  ] as const)("%s", (format, parse) => {
    for (const trace of traces) {
      const read = parse(text(trace, format));
      expect(read.map(({ line, names }) => ({ line, names }))).toEqual(changesOf(trace));
    }
  });

  it("Scratchpad, line by line", () => {
    for (const trace of traces) {
      const read = parseScratchpad(text(trace, "scratchpad"), trace.program.code).filter(({ tag }) => tag !== "OUTPUT");
      const wanted = changesOf(trace).toSorted((a, b) => a.line - b.line);
      expect(read.map(({ line, names }) => ({ line, names }))).toEqual(wanted);
    }
  });

  it("snoop, but for what the line itself says", () => {
    for (const trace of traces) {
      if (/comp>|genexpr/.test(Array.from(trace.events(), (event) => event.function).join(" "))) continue;
      const lines = trace.program.code.split("\n").map((line) => line.trim());
      const read = parseSnoop(text(trace, "snoop"))
        .filter(({ kind }) => kind === "variable")
        .map(({ name, text: value }) => `${name} = ${value}`);
      const wanted = changesOf(trace, false, true).map(({ names }) =>
        Array.from(names, ([name, repr]) => `${name} = ${repr}`),
      );
      // Neither what the line itself says nor the name that a definition binds.
      const defined = new Set(Array.from(trace.program.code.matchAll(/^\s*def\s+(\w+)/gm), ([, name]) => name));
      const told = (one: string): boolean => !lines.includes(one) && !defined.has(/^(\w+) = </.exec(one)?.[1]);
      // Names that one line changed stand in the order of the code object's variables, not in that of their binding.
      const shown = read.filter(told);
      const expected = wanted.map((names) => names.filter(told).toSorted());
      const inLines = expected.map(({ length }) => shown.splice(0, length).toSorted());
      expect(inLines).toEqual(expected);
      expect(shown).toEqual([]);
    }
  });
});

function row(trace: ProgramTrace, format: string, view: View = WHOLE): unknown {
  return rendered(trace, format, view).row;
}

function text(trace: ProgramTrace, format: string, view: View = WHOLE): string {
  return textOf(rendered(trace, format, view));
}

function rendered(trace: ProgramTrace, format: string, view: View): Rendered {
  return findRenderer(format).render(trace.program, trace, view)[0] as Rendered;
}

function inModule({ decoder }: ProgramTrace, { frame }: TraceEvent): boolean {
  return (decoder.index.codeFlags.at(decoder.index.frameCode.at(frame)) & CODE_FLAGS.module) !== 0;
}

/** As formats show them; `failed` is what stands before the type of a value without a repr. */
function reprs(state: ReadonlyMap<string, Value>, failed = "unreprable"): Map<string, string> {
  return new Map(Array.from(state, ([name, value]) => [name, value.failed ? `<${failed} ${value.type}>` : value.repr]));
}

function callsFunction({ decoder }: ProgramTrace): boolean {
  const { codes, codeFlags } = decoder.index;
  return Array.from({ length: codes.size }, (_, code) => codeFlags.at(code)).some(
    (flags) => (flags & CODE_FLAGS.entry) !== 0,
  );
}

/** Frame by frame: the events of the target function's frames, or of all functions'. */
function framesOf(trace: ProgramTrace, targetOnly: boolean): TraceEvent[][] {
  const targets = targetCodes(trace.program, trace);
  const frames = new Map<number, TraceEvent[]>();
  for (const event of trace.events()) {
    const target = targets[trace.decoder.index.frameCode.at(event.frame)] === 1;
    if (targetOnly ? !target : inModule(trace, event)) continue;
    frames.set(event.frame, [...(frames.get(event.frame) ?? []), event]);
  }
  return Array.from(frames.values());
}

/** The lines of the target function with what was bound after each, in the order in which they ended. */
function afterLines(trace: ProgramTrace, raised: boolean): { line: number; names: Map<string, string> }[] {
  const lines: { end: number; line: number; names: Map<string, string> }[] = [];
  for (const events of framesOf(trace, true)) {
    for (const [i, event] of events.entries()) {
      if (event.kind !== "line" && event.kind !== "call") continue;
      const next = events.slice(i + 1).find(({ kind }) => !raised || kind !== "exception");
      if (next === undefined || next.kind === "exception") continue;
      lines.push({ end: next.index, line: event.line, names: reprs(trace.stateAt(next.index)) });
    }
  }
  return lines.toSorted((a, b) => a.end - b.end).map(({ line, names }) => ({ line, names }));
}

/** What lines changed, and the arguments of calls, in order. */
function changesOf(
  trace: ProgramTrace,
  targetOnly = true,
  fromEntry = false,
): { line: number; names: Map<string, string> }[] {
  const changes: { at: number; line: number; names: Map<string, string> }[] = [];
  const start = framesOf(trace, true)[0]?.[0]?.index ?? 0;
  for (const events of framesOf(trace, targetOnly)) {
    if (fromEntry && (events[0]?.index ?? 0) < start) continue;
    let before = new Map<string, string>();
    for (const [i, event] of events.entries()) {
      const now = reprs(trace.stateAt(event.index));
      const names = new Map(Array.from(now).filter(([name, repr]) => before.get(name) !== repr));
      const resumed = !targetOnly && event.kind === "resume";
      if (resumed) changes.push({ at: event.index, line: event.line, names: now });
      else if (names.size > 0) changes.push({ at: event.index, line: events[i - 1]?.line ?? event.line, names });
      before = now;
    }
  }
  return changes.toSorted((a, b) => a.at - b.at).map(({ line, names }) => ({ line, names }));
}

/** How many entries every line has: changes, returns and exceptions. */
function entryCounts(trace: ProgramTrace): [line: number, count: number][] {
  const counts = new Map<number, number>();
  const add = (line: number): void => void counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const { line } of changesOf(trace)) add(line);
  for (const { kind, line, value } of framesOf(trace, true).flat()) {
    if (value !== null || kind === "exception") add(line);
  }
  return Array.from(counts);
}

function stepsOf(trace: ProgramTrace): { line: number; state: Map<string, string>; next: number | "completion" }[] {
  const steps: { end: number; line: number; state: Map<string, string>; next: number | "completion" }[] = [];
  for (const events of framesOf(trace, false)) {
    const { functionName, flags } = trace.frame(events[0]?.frame ?? 0);
    if (functionName.endsWith(">") || (flags & CODE_FLAGS.classBody) !== 0) continue;
    const own = events.filter(({ kind }) => kind === "line" || kind === "return");
    for (const [i, event] of own.entries()) {
      const next = own[i + 1];
      if (event.kind !== "line" || next === undefined || next.unwound) continue;
      const state = Array.from(reprs(trace.stateAt(next.index))).filter(([, repr]) => isLiteral(repr));
      steps.push({
        end: next.index,
        line: event.line,
        state: new Map(state),
        next: next.kind === "line" ? next.line : "completion",
      });
    }
  }
  return steps.toSorted((a, b) => a.end - b.end).map(({ line, state, next }) => ({ line, state, next }));
}
