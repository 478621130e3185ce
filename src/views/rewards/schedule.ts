import { UsageError } from "../../base/errors.ts";

/** What was earned by one reply, before any schedule. */
export interface Earned {
  readonly kind: string;
  readonly right: boolean;
  readonly chance: number;
  /** Of the questions beside the first; empty where there are none. */
  readonly parts: readonly { readonly kind: string; readonly right: boolean; readonly chance: number }[];
}

/** Makes one number of what a reply earned. */
export type Schedule = (earned: Earned) => number;

/** As published: the first answer is worth 1 and opens the gate to as much for the others. */
const WHOLE = 2;

const SCHEDULES: Readonly<Record<string, (weights: ReadonlyMap<string, number>) => Schedule>> = {
  /** 1 or 0; with parts the mean over all. */
  plain: () => (earned) => mean(all(earned).map(({ right }) => Number(right))),
  /** ExecVerify's: 0 to 2; what is asked besides counts only where the first answer is right. */
  gated: () => (earned) => (earned.right ? WHOLE * (0.5 + 0.5 * partsRight(earned)) : 0),
  /** The same without the gate. */
  ungated: () => (earned) => WHOLE * (0.5 * Number(earned.right) + 0.5 * partsRight(earned)),
  /** The mean, each answer with the weight of its kind; 1 for kinds that are not named. */
  "by-kind": (weights) => (earned) => {
    const weighted = all(earned).map(({ kind, right }) => ({ right, weight: weights.get(kind) ?? 1 }));
    const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
    return total === 0 ? 0 : weighted.reduce((sum, { right, weight }) => sum + (right ? weight : 0), 0) / total;
  },
  /** 0 for what blind guessing earns on average, below it for worse; 1 for all right. */
  chance: () => (earned) => mean(all(earned).map(({ right, chance }) => aboveChance(right, chance))),
};

export const SCHEDULE_NAMES: readonly string[] = Object.keys(SCHEDULES);

/** `by-kind` takes weights: `by-kind:state=2,path=1`. Throws UsageError for what is none of the names. */
export function scheduleOf(text: string): Schedule {
  const [name = "", ...rest] = text.split(":");
  const make = Object.hasOwn(SCHEDULES, name) ? SCHEDULES[name] : undefined;
  const given = rest.join(":");
  const weights = new Map<string, number>();
  for (const entry of given === "" ? [] : given.split(",")) {
    const [, kind, weight] = /^([\w-]+)=(\d+(?:\.\d+)?)$/.exec(entry) ?? [];
    if (kind === undefined || name !== "by-kind") throw unknown(text);
    weights.set(kind, Number(weight));
  }
  if (make === undefined) throw unknown(text);
  return make(weights);
}

function unknown(text: string): UsageError {
  const known = `${SCHEDULE_NAMES.join(", ")}, or by-kind:KIND=WEIGHT,...`;
  return new UsageError("bad-flag", `--schedule is ${JSON.stringify(text)}; give one of ${known}`);
}

function all({ parts, ...first }: Earned): readonly Omit<Earned, "parts">[] {
  return parts.length === 0 ? [first] : [first, ...parts];
}

function partsRight({ parts, right }: Earned): number {
  return parts.length === 0 ? Number(right) : mean(parts.map((part) => Number(part.right)));
}

function aboveChance(right: boolean, chance: number): number {
  return chance >= 1 ? 0 : (Number(right) - chance) / (1 - chance);
}

function mean(numbers: readonly number[]): number {
  return numbers.length === 1
    ? (numbers[0] as number)
    : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
