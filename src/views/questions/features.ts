import type { Features } from "./question.ts";
import type { QuestionRun, Visit } from "./run.ts";

/** What makes questions about the run hard. */
export function featuresOf(run: QuestionRun): Features {
  const depth = run.frames.reduce((most, frame) => Math.max(most, frame.depth), 0);
  return {
    steps: run.visits.length,
    depth,
    iterations: run.visits.filter((visit) => goesRound(run, visit)).length,
    stateChars: largestState(run),
    branchEntropy: branchEntropy(run.visits),
  };
}

/** Whether the visit of a loop's header led into the loop's body. */
export function goesRound({ source }: QuestionRun, { statement, next }: Visit): boolean {
  if (!statement.loop || next === null) return false;
  return next.line > statement.last && next.line <= source.blockEnd(statement) && next.statement !== statement;
}

/** Characters of the values that were bound at once in one frame, at most. */
function largestState({ trace }: QuestionRun): number {
  const frames = new Map<number, { chars: number; readonly names: Map<number, number> }>();
  const cursor = trace.cursor();
  const { decoder } = trace;
  let largest = 0;
  while (cursor.next()) {
    if (cursor.changeCount === 0) continue;
    const frame = frames.get(cursor.frame) ?? { chars: 0, names: new Map<number, number>() };
    frames.set(cursor.frame, frame);
    for (let i = 0; i < cursor.changeCount; i++) {
      const name = cursor.changeName(i);
      const chars = decoder.refText(cursor.changeRef(i))?.length ?? 0;
      frame.chars += chars - (frame.names.get(name) ?? 0);
      frame.names.set(name, chars);
    }
    largest = Math.max(largest, frame.chars);
  }
  return largest;
}

/** Of the line that comes next, over lines that different lines follow, weighted by how often they run; in bits. */
function branchEntropy(visits: readonly Visit[]): number {
  const followers = new Map<number, Map<number, number>>();
  for (const { line, next } of visits) {
    const counts = followers.get(line) ?? new Map<number, number>();
    followers.set(line, counts);
    const to = next?.line ?? 0;
    counts.set(to, (counts.get(to) ?? 0) + 1);
  }
  let bits = 0;
  let runs = 0;
  for (const counts of followers.values()) {
    if (counts.size < 2) continue;
    const total = Array.from(counts.values()).reduce((sum, count) => sum + count, 0);
    for (const count of counts.values()) bits -= count * Math.log2(count / total);
    runs += total;
  }
  return runs === 0 ? 0 : Math.round((bits / runs) * 1_000) / 1_000;
}
