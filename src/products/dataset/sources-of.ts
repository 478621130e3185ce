import { hashText } from "../../base/io/hash.ts";
import { type InspectOptions, Inspector } from "../../prepare/inspect/inspect.ts";
import type { ReadItem } from "../../programs/sources/read.ts";
import { readPrograms } from "../../programs/sources/read.ts";
import { EvaluationSets } from "./contamination.ts";
import type { Recipe } from "./recipe.ts";
import { SimilarSources } from "./similarity.ts";
import type { DatasetRun } from "./traced.ts";
import { refuseDamage } from "./whole-inputs.ts";

/** Sources that are asked for at once. */
const TOGETHER = 128;

/** What is known of one source. */
export interface KnownSource {
  /** Equal for sources that are nearly the same, and must be in one split. */
  readonly group: string;
  /** Why it must not be trained on; null: it may. */
  readonly contamination: string | null;
}

/** Every distinct source of the runs, and of what they are answered with, by `hashText` of it. */
export async function sourcesOf(
  runs: () => AsyncIterable<DatasetRun>,
  recipe: Recipe,
  resolve: (path: string) => string,
  options: InspectOptions,
): Promise<Map<string, KnownSource>> {
  await using inspector = await Inspector.open(options);
  const sets = new EvaluationSets(recipe.decontaminate.ngram);
  for (const { name, inputs } of recipe.decontaminate.against) {
    const programs = codesOf(readPrograms(inputs.map(resolve)));
    for await (const { code, shape } of withShapes(programs, inspector)) sets.add(name, code, shape);
  }
  const similar = new SimilarSources(recipe.split.similarity);
  const found: { hash: string; contamination: string | null }[] = [];
  const numbers = new Map<string, number>();
  for await (const { code, hash, shape } of withShapes(codesOfRuns(runs()), inspector)) {
    numbers.set(hash, similar.add(code, shape));
    found.push({ hash, contamination: sets.find(code, shape) });
  }
  for await (const { program, solution } of runs()) {
    if (solution === null) continue;
    // What two faulty programs are repaired to is seen in both.
    similar.join(numbers.get(hashText(program.code)) as number, numbers.get(hashText(solution)) as number);
  }
  // Only now are all groups complete.
  return new Map(
    found.map(({ hash, contamination }, i) => {
      return [hash, { group: found[similar.group(i)]?.hash ?? hash, contamination }];
    }),
  );
}

async function* codesOf(items: AsyncIterable<ReadItem>): AsyncGenerator<string, void, undefined> {
  for await (const item of items) {
    if ("program" in item) yield item.program.code;
    else refuseDamage(item.rejected, "an evaluation set");
  }
}

async function* codesOfRuns(runs: AsyncIterable<DatasetRun>): AsyncGenerator<string, void, undefined> {
  for await (const { program, solution } of runs) {
    yield program.code;
    if (solution !== null) yield solution;
  }
}

/** Each distinct source once, with its shape where it has one. */
async function* withShapes(
  codes: AsyncIterable<string>,
  inspector: Inspector,
): AsyncGenerator<{ code: string; hash: string; shape: string | null }, void, undefined> {
  const seen = new Set<string>();
  let waiting: { code: string; hash: string }[] = [];
  const flush = async () => {
    const rows = await inspector.inspect(waiting.map(({ code, hash }) => ({ id: hash, code })));
    const found = waiting.map((source, i) => {
      const row = rows[i];
      return { ...source, shape: row !== undefined && "facts" in row ? row.facts.shape : null };
    });
    waiting = [];
    return found;
  };
  for await (const code of codes) {
    const hash = hashText(code);
    if (seen.has(hash)) continue;
    seen.add(hash);
    waiting.push({ code, hash });
    if (waiting.length >= TOGETHER) yield* await flush();
  }
  yield* await flush();
}
