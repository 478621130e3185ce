// Which questions are asked of a run: seeded, balanced over kinds, lines and visits, and no two of which one tells what the
// other asks for.

import type { Draft, Material } from "./kind.ts";
import type { Ask, Question, QuestionKind } from "./question.ts";
import { Random } from "./random.ts";
import { makerOf } from "./registry.ts";
import { questionOf } from "./row.ts";

export interface Choice {
  readonly kinds: readonly QuestionKind[];
  /** Of one program, at most. */
  readonly perProgram: number;
  readonly seed: number;
}

/** Asks of one kind that are tried for each question that is wanted. */
const TRIES = 12;

export function chooseQuestions(material: Material, { kinds, perProgram, seed }: Choice): Question[] {
  const { program } = material.run;
  const random = new Random(`${seed} ${program.id}`);
  const lines = new Map<number, number>();
  const queues = random
    .shuffled(kinds)
    .map((kind) => ({ kind, asks: random.shuffled([...makerOf(kind).asks(material)]), tries: 0 }));
  const chosen: { kind: QuestionKind; draft: Draft }[] = [];
  for (
    let open = queues;
    open.length > 0 && chosen.length < perProgram;
    open = open.filter(({ asks }) => asks.length > 0)
  ) {
    for (const queue of open) {
      if (chosen.length >= perProgram) break;
      const draft = nextDraft(
        material,
        queue,
        chosen.map((one) => one.draft),
        lines,
      );
      if (draft !== null) chosen.push({ kind: queue.kind, draft });
    }
  }
  return chosen.map(({ kind, draft }, i) => questionOf(material.run, kind, draft, `${program.id}/${kind}-${i + 1}`));
}

interface Queue {
  readonly kind: QuestionKind;
  asks: Ask[];
}

/** The next that goes with those chosen, of the lines asked about least; what was tried is not tried again. */
function nextDraft(
  material: Material,
  queue: Queue,
  chosen: readonly Draft[],
  lines: Map<number, number>,
): Draft | null {
  let leaking: Draft | null = null;
  for (let tries = 0; tries < TRIES && queue.asks.length > 0; tries++) {
    const ask = takeLeastAsked(queue.asks, lines);
    const draft = makerOf(queue.kind).answer(material, ask);
    if (typeof draft === "string" || chosen.some((other) => follows(draft, other))) continue;
    if (questionOf(material.run, queue.kind, draft, "leak").leak) {
      leaking ??= draft;
      continue;
    }
    leaking = draft;
    break;
  }
  if (leaking?.ask.line !== undefined) lines.set(leaking.ask.line, (lines.get(leaking.ask.line) ?? 0) + 1);
  return leaking;
}

function takeLeastAsked(asks: Ask[], lines: ReadonlyMap<number, number>): Ask {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [i, { line }] of asks.entries()) {
    const asked = line === undefined ? 0 : (lines.get(line) ?? 0);
    if (asked >= least) continue;
    best = i;
    least = asked;
    if (asked === 0) break;
  }
  return asks.splice(best, 1)[0] as Ask;
}

/** Whether one of two questions is answered by the other. */
export function follows(one: Draft, other: Draft): boolean {
  return (
    covers(one.about, other.about) ||
    covers(other.about, one.about) ||
    one.tells.some((fact) => covers(fact, other.about)) ||
    other.tells.some((fact) => covers(fact, one.about))
  );
}

function covers(fact: string, other: string): boolean {
  return fact === other || (fact.endsWith("/") && other.startsWith(fact));
}

/** REval's chain about one place: is it reached, what does it do, what comes next, what does the run give. */
export function chooseChains(material: Material, { perProgram, seed }: Choice): Question[] {
  const { program } = material.run;
  const random = new Random(`${seed} ${program.id}`);
  const questions: Question[] = [];
  const places = random.shuffled([...makerOf("state").asks(material)]);
  for (const place of places) {
    if (questions.length + 4 > perProgram) break;
    const chain = `${program.id}/chain-${questions.length / 4 + 1}`;
    const { name: _name, ...visit } = place;
    const asks: [QuestionKind, Ask][] = [
      ["coverage", { line: place.line }],
      ["state", place],
      ["path", visit],
      ["output", {}],
    ];
    const drafts = asks.map(([kind, ask]) => ({ kind, draft: makerOf(kind).answer(material, ask) }));
    if (drafts.some(({ draft }) => typeof draft === "string")) continue;
    for (const { kind, draft } of drafts) {
      questions.push({ ...questionOf(material.run, kind, draft as Draft, `${chain}/${kind}`), consistent: chain });
    }
  }
  return questions;
}
