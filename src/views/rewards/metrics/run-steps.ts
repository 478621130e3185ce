import { keyedLiteral } from "../../../python/exact.ts";
import type { SourceStatements } from "../../../python/statements.ts";
import type { Trace } from "../../../record/trace/trace.ts";
import { WHOLE } from "../../formats/renderer.ts";
import { lineSteps } from "../../walk/steps.ts";
import type { Step } from "../step-answer.ts";
import { literalOf } from "../value-answer.ts";
import type { Probe } from "./llmexecutor.ts";

/** The steps of a recorded run in LLMExecutor's terms, one for each line of a function that ran. */
export function stepsOfRun(trace: Trace, statements: SourceStatements): Step[] {
  return Array.from(lineSteps(trace, statements, WHOLE), ({ line, after, error, next }): Step => {
    if (error !== null) return { line, state: error, next: "error" };
    const state = new Map(Array.from(after, ([name, text]) => [name, keyOfText(text)] as const));
    return { line, state, next: next === null ? "completion" : String(next) };
  });
}

/** The probe of a line and a name, by what the run did. */
export function probeOf(steps: readonly Step[], line: number, name: string): Probe {
  const visits = steps.filter((step) => step.line === line);
  const values = visits.flatMap(({ state }) => {
    const value = typeof state === "string" ? undefined : state.get(name);
    return value === undefined ? [] : [value];
  });
  return { line, name, runs: visits.length > 0, values, next: [...new Set(visits.map(({ next }) => next))] };
}

/** Values that no literal writes are compared as they show. */
export function keyOfText(text: string): string {
  const literal = literalOf(text);
  return literal === null ? `text ${text}` : keyedLiteral(literal);
}
