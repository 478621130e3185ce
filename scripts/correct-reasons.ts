// Why a row as published differs from the corrected one: by format, which of its faults the run shows.

import type { Program } from "../src/base/schema/program.ts";
import { SourceStatements } from "../src/python/statements.ts";
import type { Trace } from "../src/record/trace/trace.ts";
import type { TraceEvent } from "../src/record/trace/value.ts";
import { WHOLE } from "../src/views/formats/renderer.ts";
import { cheapRepr } from "../src/views/text/cheap-repr.ts";
import { callsIn, type LineEntry, lineEntries } from "../src/views/walk/line-entries.ts";
import { type LoopRun, walkLoops } from "../src/views/walk/loops.ts";
import { targetCodes } from "../src/views/walk/target.ts";

/** A row whose two texts differ. */
export interface Difference {
  readonly program: Program;
  readonly trace: Trace;
  readonly published: string;
  readonly correct: string;
}

type Reasons = (difference: Difference) => (string | false)[];

const LOST_CHANGES = "what a line changed is lost where the line also returns, raises or takes arguments";
const CALLS = "recursion: the calls are not told apart";

const REASONS: Readonly<Record<string, Reasons>> = {
  statelens: statelensFaults,
  "statelens-skip": (difference) => [...statelensFaults(difference), ...loopFaults(difference)],
  execverify: () => ["values end after 200 characters"],
  snoop: ({ trace, published, correct }) => [
    reprs(trace).some((repr) => cheapRepr(repr) !== repr) && "values are shortened",
    calls(published) !== calls(correct) && "functions that are called deeper are not shown",
    Array.from(trace.events()).some(changesAndRaises) && "what a line changed before it raised is lost",
  ],
  next: changesAndCalls,
  semcoder: changesAndCalls,
  scratchpad: ({ program, trace }) => [losesChanges(lineEntries(program, trace, WHOLE)) && LOST_CHANGES],
  "semenhance-our": (difference) => [
    difference.trace.outcome.verdict === true && "a test that passes is called failed",
    difference.program.expected === undefined && "a verdict without a test",
    ...changesAndCalls(difference),
    inputsOf(difference.published) !== inputsOf(difference.correct) && "inputs and outputs end after 100 characters",
  ],
  concise: ({ program, trace }) => orderAndCalls(lineEntries(program, trace, WHOLE)),
  "semenhance-exe": ({ program, trace }) => {
    const entries = lineEntries(program, trace, WHOLE);
    return [...orderAndCalls(entries), entries.some(({ kind }) => kind === "init") && "arguments are not shown"];
  },
  codeexecutor: () => ["strings lose their quotes, values their spaces"],
  "llmexecutor-states": ({ published }) => [
    published.startsWith("rejected: ") ? "a set loses the whole trace" : "parameters are not shown until they change",
  ],
};

/** At least one; "other" when none that is known. */
export function reasonsOf(format: string, difference: Difference): string[] {
  const found = (REASONS[format]?.(difference) ?? []).filter((reason) => reason !== false);
  return found.length === 0 ? ["other"] : found;
}

/** What a generator expression changed is shown at its end alone. */
function changesAndRaises({ kind, changes, function: name }: TraceEvent): boolean {
  return kind === "exception" && (changes.size > 0 || name.endsWith("<genexpr>"));
}

function statelensFaults({ program, trace, correct }: Difference): (string | false)[] {
  const statements = new SourceStatements(program.code);
  const several = ({ line }: { line: number }): boolean => {
    const statement = statements.at(line);
    return statement !== undefined && statement.first !== statement.last;
  };
  return [
    /^Line \d+ \[call /m.test(correct) && "recursion: frames are mixed",
    targetLines(program, trace).some(several) && "a statement of several lines repeats",
  ];
}

function loopFaults({ program, trace, published, correct }: Difference): (string | false)[] {
  const reasons: (string | false)[] = [];
  for (const [{ header, total }, checked] of loopRuns(program, trace)) {
    const shown = published.includes(`Line ${header.first}: `);
    if (header.inline) reasons.push("a one-line loop is lost");
    else if (!shown && total === 0) reasons.push("a loop without iterations is lost");
    else if (total > 0 && checked) reasons.push("the last check of a loop is lost");
  }
  if (iterationMarks(published) !== iterationMarks(correct)) reasons.push("iterations are counted wrongly");
  return Array.from(new Set(reasons));
}

function changesAndCalls({ program, trace }: Difference): (string | false)[] {
  const entries = lineEntries(program, trace, WHOLE);
  return [losesChanges(entries) && LOST_CHANGES, callsIn(entries) > 1 && CALLS];
}

/** Of a line with entries of several kinds only the last kind is published. */
function losesChanges(entries: readonly LineEntry[]): boolean {
  const kinds = new Map<number, Set<string>>();
  for (const { line, kind } of entries) {
    const shown = kind === "exception" ? "return" : kind;
    kinds.set(line, (kinds.get(line) ?? new Set()).add(shown));
  }
  return Array.from(kinds.values()).some(({ size }) => size > 1);
}

function orderAndCalls(entries: readonly LineEntry[]): (string | false)[] {
  const places = { init: 0, locals: 1, elided: 1, exception: 2, return: 3 };
  const unordered = entries.some(({ kind }, i) => places[kind] < places[entries[i - 1]?.kind ?? "init"]);
  return [unordered && "arguments come first, exceptions and returns last", callsIn(entries) > 1 && CALLS];
}

function reprs(trace: Trace): string[] {
  return Array.from(trace.events()).flatMap(({ changes, value }) =>
    [...changes.values(), value].flatMap((one) => (one === null ? [] : [one.repr])),
  );
}

/** How many calls a text of snoop shows. */
function calls(text: string): number {
  return text.match(/>>> (?:Call to|Start generator)/g)?.length ?? 0;
}

function inputsOf(text: string): string {
  return (text.match(/^(?:input1|expect_output1|TEST1_BUGGY_PROGRAM_OUTPUT) ?=.*$/gm) ?? []).join("\n");
}

function targetLines(program: Program, trace: Trace): { index: number; line: number }[] {
  const targets = targetCodes(program, trace);
  const { frameCode } = trace.decoder.index;
  return Array.from(trace.events()).filter(({ frame, kind }) => kind === "line" && targets[frameCode.at(frame)] === 1);
}

/** The activations of loops in the target function, and whether a last check ended them. */
function loopRuns(program: Program, trace: Trace): Map<LoopRun, boolean> {
  const { iterations } = walkLoops(trace, new SourceStatements(program.code));
  const runs = new Map<LoopRun, boolean>();
  for (const { index } of targetLines(program, trace)) {
    const iteration = iterations[index] ?? null;
    if (iteration === null) continue;
    const checked = runs.get(iteration.loop) === true || iteration.number > iteration.loop.total;
    runs.set(iteration.loop, checked);
  }
  return runs;
}

function iterationMarks(text: string): string {
  return (text.match(/^(?:=== Iteration.*|\.\.\. \(.*)$/gm) ?? []).join("\n");
}
