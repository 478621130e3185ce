import { existsSync, readFileSync } from "node:fs";
import { packagePath } from "../src/base/package-root.ts";
import type { ProgramInput } from "../src/base/schema/program.ts";

const CRUXEVAL = packagePath("..", "shared", "data", "cruxeval.jsonl");

interface CruxRow {
  task_id: string;
  code: string;
  function_call: string;
}

/** CRUXEval where it is, else programs of the same size made here; `source` says which. */
export function smallPrograms(limit: number): { source: string; programs: ProgramInput[] } {
  if (!existsSync(CRUXEVAL)) return { source: "generated programs (CRUXEval is absent)", programs: generated(limit) };
  const rows = readFileSync(CRUXEVAL, "utf8").trimEnd().split("\n").slice(0, limit);
  const programs = rows.map((row) => {
    const { task_id, code, function_call } = JSON.parse(row) as CruxRow;
    return { id: task_id, code, entry: function_call };
  });
  return { source: "CRUXEval", programs };
}

function generated(count: number): ProgramInput[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `generated-${i}`,
    code: `def f(words, limit):
    kept = []
    for word in words:
        if len(word) > limit:
            continue
        kept.append(word.upper() + str(${i}))
    counts = {}
    for word in kept:
        counts[word[0]] = counts.get(word[0], 0) + 1
    return sorted(counts.items()), "-".join(kept)
`,
    entry: `f(['alpha', 'be', 'gamma${i}', 'd', 'eps', 'zeta'], ${3 + (i % 4)})`,
  }));
}

/** A loop of scalars: three line events per iteration. */
export function scalarLoop(iterations: number): ProgramInput {
  const code = `def f(n):
    total = 0
    i = 0
    while i < n:
        total = (total + i * 7) % 1000003
        i += 1
    return total
`;
  return { id: "scalar-loop", code, entry: `f(${iterations})` };
}

/** A loop that appends: two line events per element. */
export function growingList(elements: number): ProgramInput {
  const code = "def f(n):\n    xs = []\n    for i in range(n):\n        xs.append(i)\n    return len(xs)\n";
  return { id: `growing-list-${elements}`, code, entry: `f(${elements})` };
}

/** Lists around lists, one more on every other line: 100 levels show, 213 characters. */
export function nestedLists(lists: number): ProgramInput {
  return valueThatGrows("nested-lists", "[]", "a = [a]", lists);
}

/** As many lines, which change a list of numbers whose text is as long. */
export function flatLists(lists: number): ProgramInput {
  return valueThatGrows("flat-lists", "[0] * 70", "a[0] = i", lists);
}

/** A linked list that grows by a node in front: its first 1,000 characters show. */
export function linkedNodes(nodes: number): ProgramInput {
  return valueThatGrows("linked-nodes", "None", "a = Node(i, a)", nodes);
}

/** As many nodes, each before a list of numbers whose text is as long. */
export function flatNodes(nodes: number): ProgramInput {
  return valueThatGrows("flat-nodes", "None", "a = [i] + [0] * 325; Node(i, a)", nodes);
}

function valueThatGrows(id: string, first: string, line: string, lines: number): ProgramInput {
  const node = "class Node:\n    def __init__(self, v, n):\n        self.v = v\n        self.n = n\n";
  const code = `${node}def f(n):\n    a = ${first}\n    for i in range(n):\n        ${line}\n    return n\n`;
  return { id, code, entry: `f(${lines})` };
}

export function toJsonl(programs: readonly ProgramInput[]): string {
  return programs.map((program) => `${JSON.stringify(program)}\n`).join("");
}
