import { askedOf } from "../../../../src/views/rewards/asked.ts";
import { scheduleOf } from "../../../../src/views/rewards/schedule.ts";
import { type NeedsRun, needsRun, scorerOf } from "../../../../src/views/rewards/score.ts";
import type { ReplyVerdict } from "../../../../src/views/rewards/verdict.ts";

export type Row = Record<string, unknown>;

const CODE = "def f(n):\n    return n + 1\n";

/** A question with everything that is not given. */
export function question(row: Row): Row {
  return { id: "q", program: "p", kind: "output", form: "literal", answers: [], code: CODE, chance: 0, ...row };
}

export const literal = (text: string, policy: Row = {}): Row => question({ answers: [{ text }], policy });
export const assertion = (text: string, call: string = "f(3)"): Row =>
  question({ form: "assertion", call, answers: [{ text }] });
export const valueType = (text: string, type: string): Row =>
  question({ kind: "state", form: "value-type", answers: [{ text, type }] });
export const line = (text: string): Row => question({ kind: "path", form: "line", answers: [{ text }] });

export function scored(row: Row, reply: unknown, schedule: string = "plain"): ReplyVerdict | NeedsRun {
  const asked = askedOf(row);
  if (typeof asked === "string") throw new Error(asked);
  return scorerOf(asked, scheduleOf(schedule)).score(reply, 0);
}

export function verdict(row: Row, reply: unknown, schedule: string = "plain"): ReplyVerdict {
  const found = scored(row, reply, schedule);
  if (needsRun(found)) throw new Error("it is not to be run");
  return found;
}
