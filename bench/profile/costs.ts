import { basename } from "node:path";

/** What a function cost, in instructions. */
export interface Cost {
  name: string;
  /** The library that it is in. */
  object: string;
  self: number;
  /** With all that it calls; a recursive function's own calls are not counted twice. */
  inclusive: number;
}

/**
 * Reads what callgrind wrote (its format version 1: `ob=`, `fn=`, `cfn=`, `calls=` and cost lines, names compressed as
 * "(number) name").
 */
export function readCosts(text: string): { total: number; costs: Cost[] } {
  const names = { object: new Map<string, string>(), function: new Map<string, string>() };
  const costs = new Map<string, Cost>();
  let object = "";
  let current: Cost | null = null;
  let callee: Cost | null = null;
  let calleeObject: string | null = null;
  let total = 0;
  const costOf = (name: string, where: string): Cost => {
    const key = `${where}\0${name}`;
    const known = costs.get(key) ?? { name, object: basename(where), self: 0, inclusive: 0 };
    costs.set(key, known);
    return known;
  };
  let called = false;
  for (const line of text.split("\n")) {
    const [, key, value = ""] = /^(ob|fn|cob|cfn|calls|totals|summary)[=:]\s*(.*)$/.exec(line) ?? [];
    if (key === "ob") object = expand(value, names.object);
    else if (key === "cob") calleeObject = expand(value, names.object);
    else if (key === "fn") current = costOf(expand(value, names.function), object);
    else if (key === "cfn") {
      callee = costOf(expand(value, names.function), calleeObject ?? object);
      calleeObject = null;
    } else if (key === "calls") called = true;
    else if (key === "totals" || key === "summary") total = Math.max(total, Number(value.split(" ")[0]));
    else if (/^[+\-*\d]/.test(line) && current !== null) {
      const cost = Number(line.split(" ")[1]);
      if (!called) current.self += cost;
      else if (callee !== null && callee !== current) {
        callee.inclusive += cost;
      }
      called = false;
    }
  }
  return {
    total,
    costs: [...costs.values()].map((cost) => ({ ...cost, inclusive: Math.max(cost.inclusive, cost.self) })),
  };
}

function expand(text: string, known: Map<string, string>): string {
  const [, number, name] = /^(\(\d+\))(?: (.*))?$/.exec(text) ?? [];
  if (number === undefined) return text;
  if (name !== undefined) known.set(number, name);
  return known.get(number) ?? number;
}
