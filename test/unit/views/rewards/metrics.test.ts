import { describe, expect, it } from "vitest";
import { codeexecutorScore } from "../../../../src/views/rewards/metrics/codeexecutor.ts";
import { aligned } from "../../../../src/views/rewards/metrics/counts.ts";
import { cwmScore } from "../../../../src/views/rewards/metrics/cwm.ts";
import {
  detectionScore,
  prefixMatch,
  probeScore,
  stepScore,
} from "../../../../src/views/rewards/metrics/llmexecutor.ts";
import { probeOf } from "../../../../src/views/rewards/metrics/run-steps.ts";
import { parseStep, type Step } from "../../../../src/views/rewards/step-answer.ts";

const step = (line: number, state: string, next: string): Step =>
  parseStep(`Line: ${line}\nCheck: ${state}\nNext statement: ${next}`) as Step;

const TRUTH: readonly Step[] = [
  step(1, "{'n': 2}", "2"),
  step(2, "{'n': 2, 's': 0}", "3"),
  step(3, "{'n': 2, 's': 0, 'i': 0}", "4"),
  step(4, "{'n': 2, 's': 0, 'i': 0}", "3"),
  step(3, "{'n': 2, 's': 0, 'i': 1}", "5"),
  step(5, "{'n': 2, 's': 0, 'i': 1}", "completion"),
];
const DEFS: ReadonlySet<number> = new Set([1]);

describe("alignment", () => {
  it.each([
    [
      ["a", "b", "c"],
      ["a", "c"],
      [
        [0, 0],
        [2, 1],
      ],
    ],
    [["a"], [], []],
    [["a", "b"], ["b", "a"], [[1, 0]]],
    [
      ["x", "a", "b", "y"],
      ["x", "b", "a", "b", "y"],
      [
        [0, 0],
        [1, 2],
        [2, 3],
        [3, 4],
      ],
    ],
  ])("pairs %j with %j", (one, other, pairs) => expect(aligned(one, other)).toEqual(pairs));
});

describe("LLMExecutor's metrics", () => {
  it("ASE: one step, by state and next line", () => {
    const truth = TRUTH[1] as Step;
    const reply = "Line: 2\nAnalysis: s is set.\nCheck: {'s': 0, 'n': 2}\nNext statement:3";
    expect(stepScore(reply, truth)).toEqual({ right: true, kind: "seq" });
    expect(stepScore(reply.replace("'s': 0", "'s': False"), truth).right).toBe(false);
    expect(stepScore(`${reply}\n${reply}`, truth).right).toBe(false);
    expect(stepScore("nothing", truth).right).toBe(false);
    expect(stepScore(reply, TRUTH[3] as Step)).toEqual({ right: false, kind: "branch" });
  });

  it("prefix match: the published counter starts at one", () => {
    expect(prefixMatch(TRUTH, TRUTH, DEFS)).toBe(1);
    expect(prefixMatch(TRUTH, TRUTH, DEFS, "published")).toBe(7 / 6);
    const slipped = TRUTH.with(2, step(3, "{'n': 2}", "4"));
    expect(prefixMatch(slipped, TRUTH, DEFS)).toBe(2 / 6);
    expect(prefixMatch(TRUTH.with(0, step(1, "{}", "2")), TRUTH, DEFS)).toBe(1);
    expect(prefixMatch([], TRUTH, DEFS, "published")).toBe(1 / 6);
  });

  it("CCP, PSP, EPP, OP and IC of probes", () => {
    const probe = probeOf(TRUTH, 3, "i");
    expect(probe).toEqual({ line: 3, name: "i", runs: true, values: ["0", "1"], next: ["4", "5"] });
    expect(probeScore(TRUTH, probe, true)).toMatchObject({ coverage: true, state: true, path: true, consistency: 1 });
    expect(probeScore(TRUTH, probe, false).consistency).toBe(0.5);
    const wrong = [step(3, "{'i': 7}", "4")];
    expect(probeScore(wrong, probe, true)).toMatchObject({ coverage: true, state: false, path: true, consistency: 0 });
    // As published, coverage copies state.
    expect(probeScore(wrong, probe, true, "published")).toMatchObject({ coverage: false, state: false });
    const never = probeOf(TRUTH, 9, "i");
    expect(probeScore(TRUTH, never, true).consistency).toBe(1);
    expect(probeScore([step(9, "{'i': 1}", "3")], never, true)).toMatchObject({
      coverage: false,
      state: false,
      path: false,
    });
  });

  it("exception detection: a slip in a clean trace is an alarm only as published", () => {
    const raising = [...TRUTH.slice(0, 3), step(4, "ValueError", "error")];
    const truth = { line: 4, type: "ValueError" };
    const slipped = TRUTH.with(2, step(3, "{}", "4"));
    const samples = [
      { truth, predicted: raising, steps: raising },
      { truth, predicted: TRUTH, steps: raising },
      { truth: null, predicted: slipped, steps: TRUTH },
      { truth: null, predicted: raising, steps: TRUTH },
    ];
    expect(detectionScore(samples, DEFS)).toMatchObject({
      truePositives: 1,
      falseNegatives: 1,
      trueNegatives: 1,
      falsePositives: 1,
      f1: 0.5,
    });
    expect(detectionScore(samples, DEFS, "published")).toMatchObject({ trueNegatives: 0, falsePositives: 2 });
    const other = [...TRUTH.slice(0, 3), step(4, "MyValueError", "error")];
    const sample = { truth, predicted: other, steps: raising };
    expect(detectionScore([sample], DEFS).truePositives).toBe(0);
  });
});

describe("CodeExecutor's metrics", () => {
  const gold = [
    "<line> <0> <state> n : 2 </state>",
    "<line> <1> <state> n : 2 <dictsep> s : 0 </state>",
    "<line> <2> <state> n : 2 <dictsep> s : 1 </state>",
    "<output> 1",
  ];

  it("are all right for the true trace", () => {
    const whole = { precision: 1, recall: 1, f1: 1 };
    expect(codeexecutorScore(gold.join("\n"), gold.join("\n"))).toEqual({
      output: true,
      exact: true,
      lines: { published: whole, aligned: whole },
      identifiers: { published: whole, aligned: whole },
    });
  });

  it("a missing line costs all behind it only as published", () => {
    const { output, exact, lines, identifiers } = codeexecutorScore(gold.join("\n"), gold.slice(1).join("\n"));
    expect({ output, exact }).toEqual({ output: true, exact: false });
    expect(lines.published.recall).toBe(0);
    expect(lines.aligned).toMatchObject({ precision: 1, recall: 2 / 3 });
    expect(identifiers.aligned).toMatchObject({ precision: 1, recall: 4 / 5 });
  });

  it("values with colons are told apart, but not as published", () => {
    const one = "<line> <0> <state> d : { a : 1 } </state>";
    const other = "<line> <0> <state> d : { a : 2 } </state>";
    const { identifiers } = codeexecutorScore(one, other);
    expect(identifiers.published.f1).toBe(1);
    expect(identifiers.aligned.f1).toBe(0);
  });

  it("a text that is no trace predicts nothing", () => {
    expect(codeexecutorScore(gold.join("\n"), "I think it is 1.")).toMatchObject({
      output: false,
      lines: { aligned: { precision: 0, recall: 0, f1: 0 } },
    });
  });
});

describe("CWM's metrics", () => {
  const frame = (event: string, locals: string, source: string): string =>
    `<|${event}_sep|>${locals}<|action_sep|>${source}\n<|frame_sep|>`;
  const trace = (...frames: string[]): string =>
    `<|begin_of_text|><|trace_context_start|>def f(n):\n    return n\n<|frame_sep|>${frames.join("")}<|end_of_text|>`;
  const returned = '<|return_sep|><|action_sep|>    return n\n<|arg_sep|>"2"<|frame_sep|>';
  const gold = trace(frame("call", '{"n": "2"}', "def f(n):"), frame("line", '{"n": ".."}', "    return n"), returned);

  it("are all right for the true trace", () => {
    expect(cwmScore(gold, gold)).toEqual({ exact: true, frames: 1, alignedFrames: 1, cells: 1 });
  });

  it("a value that is written out is the same as one that did not change, but not as published", () => {
    const long = gold.replace('{"n": ".."}', '{"n": "2"}');
    expect(cwmScore(gold, long)).toEqual({ exact: false, frames: 2 / 3, alignedFrames: 1, cells: 1 });
  });

  it("counts what was finished of a trace that is cut off", () => {
    const score = cwmScore(gold, gold.slice(0, gold.indexOf("<|return_sep|>") + 20));
    expect(score).toMatchObject({ exact: false, frames: 2 / 3, alignedFrames: 2 / 3 });
    expect(score.cells).toBeCloseTo(4 / 6);
    expect(cwmScore(gold, "no trace")).toMatchObject({ frames: 0, cells: 0 });
  });
});
