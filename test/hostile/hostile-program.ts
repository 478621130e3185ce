// One hostile program and what must come of it.

import type { Isolation } from "../../src/base/schema/options.ts";
import { TRACE_OPTIONS } from "../../src/base/schema/trace-option-table.ts";
import { STATUSES, type Status } from "../../src/record/trace/value.ts";

/** The statuses that are right, and where. */
export interface Expectation {
  statuses: readonly Status[];
  /** Everywhere, if empty. */
  levels: readonly Isolation[];
  /** Minor versions of Python; all, if empty. */
  minors: readonly number[];
  /** Why it is not simply one status everywhere. */
  reason: string | null;
}

export interface HostileProgram {
  id: string;
  category: string;
  code: string;
  entry: string | null;
  stdin: string | undefined;
  /** The last that fits counts. */
  expectations: readonly Expectation[];
  /** Type of the exception that ends it. */
  exception: string | null;
  /** Part of what the outcome's detail says. */
  detail: string | null;
  /** All of it. */
  stdout: string | null;
  /** A literal that the result must be told from, and what must be said of it (`none`: no result). */
  expected: string | undefined;
  verdict: string | null;
  /** It calls `after(3)` of AFTER as its last act, and every line of that call must be recorded. */
  traced: boolean;
  /** Name of a function that must not be recorded. */
  never: string | null;
  /** Why `inline` promises nothing for it, though it does for its category. */
  notInline: string | null;
  /** Shows what the next program must not see; null: the canary shows it. */
  witness: string | null;
}

/** Put in front of a program that says `traced`. */
export const AFTER = `def after(n):
    total = 0
    for i in range(n):
        total += i
    return total
`;

/** Events of after(3): what happens, and at which line of the function. */
export const EVENTS_OF_AFTER =
  "call 0, line 1, line 2, line 3, line 2, line 3, line 2, line 3, line 2, line 4, return 4";

export function expectation(program: HostileProgram, level: Isolation, minor: number): Expectation {
  const fitting = program.expectations.filter(
    ({ levels, minors }) =>
      (levels.length === 0 || levels.includes(level)) && (minors.length === 0 || minors.includes(minor)),
  );
  return fitting.at(-1) as Expectation;
}

/** It is stopped by nothing but the time limit. */
export function takesWholeTime({ expectations }: HostileProgram): boolean {
  return expectations.some(({ statuses }) => statuses.includes("timeout"));
}

const MINORS = [11, 12, 13];
const EXPECTATION = /^([\w-]+(?: or [\w-]+)*)(?: in (\w+(?:, \w+)*))?(?: on (3\.\d+\+?(?:, 3\.\d+)*))?(?:: (.+))?$/;

/** `STATUS [or STATUS...] [in LEVEL, ...] [on 3.12+ | on 3.11, 3.13] [: REASON]`; anything but one status needs a reason. */
export function parseExpectation(text: string): Expectation {
  const [, names = "", levelNames, pythons, reason = null] = EXPECTATION.exec(text) ?? [];
  const statuses = names.split(" or ").map((name) => known(name, STATUSES, text));
  const levels = levelNames?.split(", ").map((name) => known(name, TRACE_OPTIONS.isolation.choices, text)) ?? [];
  const minors = pythons === undefined ? [] : minorsOf(pythons);
  if (reason === null && statuses.length + levels.length + minors.length > 1) {
    throw new Error(`"${text}" needs a reason`);
  }
  return { statuses, levels, minors, reason };
}

function known<T extends string>(name: string, names: readonly T[], text: string): T {
  const found = names.find((each) => each === name);
  if (found === undefined) throw new Error(`"${name}" in "${text}" is none of ${names.join(", ")}`);
  return found;
}

export function minorsOf(pythons: string): number[] {
  const numbers = pythons.split(", ").map((version) => Number.parseInt(version.slice(2), 10));
  return pythons.endsWith("+") ? MINORS.filter((minor) => minor >= (numbers[0] as number)) : numbers;
}
