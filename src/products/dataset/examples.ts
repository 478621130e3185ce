import { hashText } from "../../base/io/hash.ts";
import type { RowPlace } from "../../programs/sources/source.ts";
import type { Drop } from "../../views/filters/filter.ts";
import type { Said } from "../../views/formats/said.ts";
import type { PartnerFinder } from "./partners.ts";
import type { Chat, Place, Prompt } from "./prompt.ts";
import { type RowCheck, whyUnfit, withPlainLineEnds } from "./row-checks.ts";
import type { DatasetRow } from "./traced.ts";

/** A row of the data set, or why there is none. */
export interface Example {
  readonly id: string;
  readonly place: RowPlace;
  /** `hashText` of the program's source, and of the right one's where there is one. */
  readonly source: string;
  readonly solution: string | null;
  /** What its program carries along. */
  readonly meta: unknown;
  readonly made: Chat | Drop;
}

export interface ExampleParts {
  readonly prompt: Prompt;
  /** That every row must pass. */
  readonly checks: ReadonlySet<RowCheck>;
  /** Null: rows need no other run of their program. */
  readonly partners: PartnerFinder | null;
}

/** A run that the format shows. */
type Run = DatasetRow & { readonly said: Said };

/** What the prompt makes of the rows, in their order. */
export async function* examplesOf(
  rows: AsyncIterable<DatasetRow>,
  { prompt, checks, partners }: ExampleParts,
): AsyncGenerator<Example, void, undefined> {
  for await (const group of partners === null ? oneByOne(rows) : bySource(rows)) {
    const runs = group.flatMap((row): Run[] => ("said" in row.made ? [{ ...row, said: row.made.said }] : []));
    const others = await partners?.find(runs.map(({ id, said: { result } }) => ({ id, result })));
    let shown = 0;
    for (const row of group) {
      const { id, place, program, solution, made } = row;
      const hashes = { source: hashText(program.code), solution: solution === null ? null : hashText(solution) };
      if ("reason" in made) {
        yield { id, place, ...hashes, meta: program.meta, made };
        continue;
      }
      const other = others?.[shown++] ?? null;
      const subject = {
        program,
        run: made.said,
        other: other === null ? null : (runs[other] as Run).said,
        solution,
      };
      const chat = checked(prompt.chat(subject));
      const unfit = "reason" in chat ? null : whyUnfit(subject, prompt, checks);
      yield { id, place, ...hashes, meta: program.meta, made: unfit ?? chat };
    }
  }
}

function checked(made: Chat | { lacks: Place }): Chat | Drop {
  if ("lacks" in made) return LACKS[made.lacks] ?? { reason: "no-value", message: `The row has no ${made.lacks}.` };
  const chat = withPlainLineEnds(made);
  if (chat.rejected !== chat.answer) return chat;
  return { reason: "no-pair", message: "The wrong answer would be the right one." };
}

const NO_OTHER: Drop = { reason: "no-pair", message: "No other input of the program has a result of another value." };
const LACKS: Readonly<Partial<Record<Place, Drop>>> = {
  otherTrace: NO_OTHER,
  otherResult: NO_OTHER,
  answer: { reason: "no-answer", message: "The format only asks: it has no answer to show." },
  result: { reason: "no-result", message: "The run left no result to show." },
  expected: { reason: "no-expected", message: "The program's row does not say what is expected." },
};

async function* oneByOne(rows: AsyncIterable<DatasetRow>): AsyncGenerator<DatasetRow[], void, undefined> {
  for await (const row of rows) yield [row];
}

/** Rows that follow each other and are of one source: all inputs of a row of PyEdu. */
async function* bySource(rows: AsyncIterable<DatasetRow>): AsyncGenerator<DatasetRow[], void, undefined> {
  let group: DatasetRow[] = [];
  for await (const row of rows) {
    if (group.length > 0 && group[0]?.program.code !== row.program.code) {
      yield group;
      group = [];
    }
    group.push(row);
  }
  if (group.length > 0) yield group;
}
