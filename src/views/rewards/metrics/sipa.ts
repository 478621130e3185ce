// The agent that follows a whole program by single predicted steps. What a model is not asked for (which function a
// statement calls, with what, and what a `return` gives) is looked up in the record of the real run: nothing is evaluated.
import { CODE_FLAGS } from "../../../record/trace/format.ts";
import type { Trace } from "../../../record/trace/trace.ts";
import type { Value } from "../../../record/trace/value.ts";
import { type Step, sameState } from "../step-answer.ts";
import { keyOfText } from "./run-steps.ts";

type State = ReadonlyMap<string, string>;

/** Asks for the step of one line, from the state before it; null: the reply was no step. */
export type AskStep = (line: number, state: State) => Promise<Step | null>;

/** A statement as the agent believes that it ran. */
export interface AgentStep {
  readonly line: number;
  /** Which activation of a function it is in, from 0 for the entry. */
  readonly frame: number;
  /** After it; of a `return`, at it. */
  readonly state: State;
  readonly next: string;
}

export interface AgentRun {
  readonly steps: readonly AgentStep[];
  /** What the entry returned, where the agent came to a `return` of the run with the run's own state; else null. */
  readonly output: Value | null;
  /** `finished`: the entry returned. Else why the agent stopped. */
  readonly ended: "finished" | "raised" | "not-a-step" | "too-many-steps";
}

/** Steps that an agent may take beyond those of the run, as published. */
const MORE_STEPS = 10;

interface Visit {
  readonly line: number;
  readonly event: number;
  /** Frames that the statement called. */
  readonly calls: number[];
}

interface RealFrame {
  readonly call: number;
  readonly visits: Visit[];
  returned: Value | null;
}

/** Follows the first call of a function of the program. Null where the run calls none. */
export async function followRun(trace: Trace, ask: AskStep): Promise<AgentRun | null> {
  const frames = realFrames(trace);
  const [entry] = frames.keys();
  if (entry === undefined) return null;
  let statements = 0;
  for (const { visits } of frames.values()) statements += visits.length;
  const agent = new Agent(trace, frames, ask, statements + MORE_STEPS);
  const { ended, output } = await agent.follow(entry);
  return { steps: agent.steps, ended, output };
}

class Agent {
  readonly steps: AgentStep[] = [];
  readonly #trace: Trace;
  readonly #frames: ReadonlyMap<number, RealFrame>;
  readonly #ask: AskStep;
  readonly #most: number;
  #activations = 0;

  constructor(trace: Trace, frames: ReadonlyMap<number, RealFrame>, ask: AskStep, most: number) {
    this.#trace = trace;
    this.#frames = frames;
    this.#ask = ask;
    this.#most = most;
  }

  async follow(id: number): Promise<Pick<AgentRun, "ended" | "output">> {
    const real = this.#frames.get(id) as RealFrame;
    const frame = this.#activations++;
    const visited = new Map<number, number>();
    let state: State = this.#stateAt(real.call);
    let line = real.visits[0]?.line ?? null;
    while (line !== null) {
      if (this.steps.length >= this.#most) return { ended: "too-many-steps", output: null };
      const nth = visited.get(line) ?? 0;
      visited.set(line, nth + 1);
      const visit = real.visits.filter((one) => one.line === line)[nth];
      for (const called of visit?.calls ?? []) {
        const inner = await this.follow(called);
        if (inner.ended !== "finished") return inner;
      }
      if (visit !== undefined && visit === real.visits.at(-1) && real.returned !== null) {
        this.steps.push({ line, frame, state, next: "completion" });
        const isReal = sameState(state, this.#stateAt(visit.event));
        return { ended: "finished", output: isReal ? real.returned : null };
      }
      const step = await this.#ask(line, state);
      if (step === null) return { ended: "not-a-step", output: null };
      if (typeof step.state === "string" || step.next === "error") return { ended: "raised", output: null };
      state = step.state;
      this.steps.push({ line, frame, state, next: step.next });
      line = /^\d+$/.test(step.next) ? Number(step.next) : null;
    }
    return { ended: "finished", output: null };
  }

  #stateAt(event: number): State {
    return new Map(Array.from(this.#trace.stateAt(event), ([name, { repr }]) => [name, keyOfText(repr)] as const));
  }
}

/** Activations of the program's plain functions, in the order of their calls, each with the statements that ran in it. */
function realFrames(trace: Trace): Map<number, RealFrame> {
  const frames = new Map<number, RealFrame>();
  for (const { index, kind, frame: id, parent, line, value, unwound } of trace.events()) {
    if (kind === "call") {
      if (!isPlain(trace, id)) continue;
      frames.set(id, { call: index, visits: [], returned: null });
      const caller = parent === null ? undefined : frames.get(parent);
      caller?.visits.at(-1)?.calls.push(id);
    }
    const frame = frames.get(id);
    if (kind === "line") frame?.visits.push({ line, event: index, calls: [] });
    if (kind === "return" && frame !== undefined && !unwound) frame.returned = value;
  }
  return frames;
}

function isPlain(trace: Trace, id: number): boolean {
  const { flags, functionName } = trace.frame(id);
  const others = CODE_FLAGS.module | CODE_FLAGS.classBody | CODE_FLAGS.library | CODE_FLAGS.generator;
  return (flags & others) === 0 && !functionName.endsWith(">");
}
