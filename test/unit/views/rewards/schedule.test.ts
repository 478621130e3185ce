import { describe, expect, it } from "vitest";
import { scheduleOf } from "../../../../src/views/rewards/schedule.ts";
import { consistencyOf, Summing } from "../../../../src/views/rewards/summary.ts";
import { assertion, question, type Row, valueType, verdict } from "./questions.ts";

/** As ExecVerify asks: an assertion, then two questions about the run. */
const MIXED: Row = {
  ...assertion("4"),
  parts: [
    { ...valueType("1", "int"), id: "state" },
    question({ id: "path", kind: "path", form: "line", answers: [{ text: "2" }, { text: "3" }], chance: 0.5 }),
  ],
};

const RIGHT = ["assert f(3) == 4", "1; int", "3"];
const reply = (lines: readonly string[]): string => `<reasoning>so</reasoning><answer>\n${lines.join("\n")}\n</answer>`;
const reward = (lines: readonly string[], schedule: string): number | null =>
  verdict(MIXED, reply(lines), schedule).reward;

describe("rewards by schedule", () => {
  it("gated: 0 to 2 behind the first answer, as published", () => {
    expect(reward(RIGHT, "gated")).toBe(2);
    expect(reward(["assert f(3) == 4", "1; bool", "3"], "gated")).toBe(1.5);
    expect(reward(["assert f(3) == 4"], "gated")).toBe(1);
    expect(reward([...RIGHT, "3"], "gated")).toBe(1);
    expect(reward(["assert f(3) == 5", "1; int", "3"], "gated")).toBe(0);
    expect(reward(["assert True # 3", "1; int", "3"], "gated")).toBe(0);
    expect(reward(["assert f(3) == f(3)", "1; int", "3"], "gated")).toBe(0);
    expect(verdict(assertion("4"), reply(["assert f(3) == 4"]), "gated").reward).toBe(2);
  });

  it("ungated: the same without the gate", () => {
    expect(reward(RIGHT, "ungated")).toBe(2);
    expect(reward(["assert f(3) == 5", "1; int", "3"], "ungated")).toBe(1);
    expect(reward(["assert f(3) == 5", "1; int", "9"], "ungated")).toBe(0.5);
  });

  it("by kind: each answer with its weight", () => {
    expect(reward(["assert f(3) == 5", "1; int", "9"], "by-kind:state=2,path=1")).toBe(0.5);
    expect(reward(RIGHT, "by-kind")).toBe(1);
  });

  it("chance: blind guessing earns nothing on average", () => {
    const yes = question({ form: "yes-no", answers: [{ text: "yes" }], chance: 0.5 });
    expect(verdict(yes, "yes", "chance").reward).toBe(1);
    expect(verdict(yes, "no", "chance").reward).toBe(-1);
    expect(verdict({ ...yes, chance: 1 }, "yes", "chance").reward).toBe(0);
  });

  it("plain: the mean", () => {
    expect(reward(RIGHT, "plain")).toBe(1);
    expect(reward(["assert f(3) == 4", "2; int", "3"], "plain")).toBe(2 / 3);
  });

  it("says of every part what it earned, and where", () => {
    const text = reply(["assert f(3) == 4", "2; int", "3"]);
    const { parts, credit } = verdict(MIXED, text, "gated");
    expect(credit).toBe(2 / 3);
    expect(parts).toMatchObject([
      { id: "state", kind: "state", right: false, reason: "wrong-value" },
      { id: "path", kind: "path", right: true, reason: "right" },
    ]);
    expect(parts?.map(({ span }) => text.slice(...(span as [number, number])))).toEqual(["2; int", "3"]);
  });

  it.each(["", "nope", "gated:x=1", "by-kind:x", "by-kind:x=-1", "toString"])("there is none by the name %j", (name) =>
    expect(() => scheduleOf(name)).toThrow(/--schedule is/),
  );
});

describe("consistency of chains", () => {
  it.each([
    [[true, true, true, true], 1],
    [[true, true, true, false], 0.5],
    [[true, true, false, false], 0.25],
    [[true, false, false, false], 0.125],
    [[false, false, false, false], 0],
    [[false, true, true, true], 0],
    [[true, false, true, true], 0],
  ])("%j is worth %d", (links, worth) => expect(consistencyOf(links)).toBe(worth));

  it("is a mean over the chains of each sample", () => {
    const summing = new Summing();
    const link = (id: string, right: boolean): void => {
      const text = right ? "1" : "2";
      summing.add(verdict(question({ id, answers: [{ text: "1" }], consistent: "c" }), text));
    };
    for (const right of [true, true, false]) link("a", right);
    expect(summing.summary()).toMatchObject({
      replies: 3,
      right: 2,
      meanCredit: 2 / 3,
      kinds: { output: { scored: 3, right: 2 } },
      consistency: { chains: 1, score: 0.5 },
    });
  });
});
