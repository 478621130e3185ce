import { parseStep, type Step, sameState } from "../step-answer.ts";
import { consistencyOf } from "../summary.ts";
import { overlap } from "./counts.ts";

/** `published` gives the number of the published code, with its faults; else what it is meant to be. */
export type Definition = "published" | "corrected";

/** One step judged alone. `seq`: the next line is the one below, or there is none; `branch`: every other. */
export interface StepScore {
  readonly right: boolean;
  readonly kind: "seq" | "branch";
}

/** ASE: state and next line are those of the run, and the reply has exactly one step. */
export function stepScore(reply: string, truth: Step): StepScore {
  const step = parseStep(reply.trim());
  const isNext = truth.next === "completion" || Number(truth.next) === (truth.line ?? Number.NaN) + 1;
  const right = step !== null && step.next === truth.next && sameState(step.state, truth.state);
  return { right, kind: isNext ? "seq" : "branch" };
}

/**
 * Part of the true steps that a predicted trace gets right from its start, 0 to 1. What a `def` line holds is not
 * compared. The published counter starts at one, so that its number can be more than 1.
 */
export function prefixMatch(
  predicted: readonly Step[],
  truth: readonly Step[],
  definitions: ReadonlySet<number>,
  definition: Definition = "corrected",
): number {
  if (truth.length === 0) return predicted.length === 0 ? 1 : 0;
  let right = definition === "published" ? 1 : 0;
  for (const [i, step] of truth.entries()) {
    const other = predicted[i];
    if (other === undefined || other.line !== step.line) break;
    if (!definitions.has(step.line ?? -1) && !sameState(other.state, step.state)) break;
    right++;
  }
  return right / truth.length;
}

/** A probe of one line and one name in a run. */
export interface Probe {
  readonly line: number;
  readonly name: string;
  /** Whether the line runs at all. */
  readonly runs: boolean;
  /** Values of the name after visits of the line, as `keyedLiteral` writes them; empty: it holds none. */
  readonly values: readonly string[];
  /** What comes after visits of the line: `Step.next`. */
  readonly next: readonly string[];
}

export interface ProbeScore {
  readonly coverage: boolean;
  readonly state: boolean;
  readonly path: boolean;
  readonly output: boolean;
  /** 1, 0.5, 0.25, 0.125 or 0 for how far the four hold in this order. */
  readonly consistency: number;
}

/**
 * CCP, PSP, EPP, OP and IC of a predicted trace. As published, coverage is a copy of state.
 * @param output whether the predicted output is right
 */
export function probeScore(
  predicted: readonly Step[],
  { line, name, runs, values, next }: Probe,
  output: boolean,
  definition: Definition = "corrected",
): ProbeScore {
  const visits = predicted.filter((step) => step.line === line);
  const state =
    values.length === 0
      ? definition === "published" || visits.every((step) => valueIn(step, name) === null)
      : visits.some((step) => values.includes(valueIn(step, name) ?? ""));
  const coverage = definition === "published" ? state : visits.length > 0 === runs;
  const path = next.length === 0 ? visits.length === 0 : visits.some((step) => next.includes(step.next));
  const links = [coverage, state, path, output];
  return { coverage, state, path, output, consistency: consistencyOf(links) };
}

function valueIn({ state }: Step, name: string): string | null {
  return typeof state === "string" ? null : (state.get(name) ?? null);
}

/** What a run raises: the line and the type; null: nothing. */
export interface Raised {
  readonly line: number;
  readonly type: string;
}

export interface Detection {
  readonly truth: Raised | null;
  /** The trace that was predicted, and the true one. */
  readonly predicted: readonly Step[];
  readonly steps: readonly Step[];
}

export interface DetectionScore {
  readonly truePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  readonly falsePositives: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/**
 * Whether predicted traces raise what the runs raise, where they do. As published every other step must be right too, so
 * that a slip in a clean trace is a false alarm, and the type need only stand somewhere in the state.
 */
export function detectionScore(
  samples: readonly Detection[],
  definitions: ReadonlySet<number>,
  definition: Definition = "corrected",
): DetectionScore {
  const counts = { truePositives: 0, falseNegatives: 0, trueNegatives: 0, falsePositives: 0 };
  for (const sample of samples) {
    const found = detected(sample, definitions, definition);
    if (sample.truth === null) counts[found ? "trueNegatives" : "falsePositives"]++;
    else counts[found ? "truePositives" : "falseNegatives"]++;
  }
  const { truePositives, falseNegatives, falsePositives } = counts;
  return { ...counts, ...overlap(truePositives, truePositives + falsePositives, truePositives + falseNegatives) };
}

/** Whether the prediction is right about the run. */
function detected(
  { truth, predicted, steps }: Detection,
  definitions: ReadonlySet<number>,
  definition: Definition,
): boolean {
  const last = predicted.at(-1);
  const raises = last !== undefined && (last.next === "error" || typeof last.state === "string");
  const isWhole = prefixMatch(predicted, steps, definitions) === 1;
  if (truth === null) return definition === "published" ? isWhole : !raises;
  if (!raises || last.line !== truth.line) return false;
  const said = typeof last.state === "string" ? last.state : Array.from(last.state.values()).join(" ");
  return definition === "published" ? said.includes(truth.type) && isWhole : said === truth.type;
}
