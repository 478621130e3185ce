import type { Drop } from "../filters/filter.ts";
import { hashText } from "../io/hash.ts";
import type { RowPlace } from "../sources/source.ts";
import type { PartnerFinder } from "./partners.ts";
import type { Chat, Place, Prompt } from "./prompt.ts";
import { type RunTexts, runTexts } from "./run-texts.ts";
import type { DatasetRow } from "./traced.ts";

/** A row of the data set, or why there is none. */
export interface Example {
  readonly id: string;
  readonly place: RowPlace;
  /** `hashText` of the program's source, and of the right one's where there is one. */
  readonly source: string;
  readonly solution: string | null;
  readonly made: Chat | Drop;
}

export interface ExampleParts {
  readonly prompt: Prompt;
  /** Null: rows need no other run of their program. */
  readonly partners: PartnerFinder | null;
}

type Run = DatasetRow & { readonly texts: RunTexts };

/** What the prompt makes of the rows, in their order. */
export async function* examplesOf(
  rows: AsyncIterable<DatasetRow>,
  { prompt, partners }: ExampleParts,
): AsyncGenerator<Example, void, undefined> {
  for await (const runs of partners === null ? oneByOne(rows) : bySource(rows)) {
    const others = await partners?.find(runs.map(({ id, texts: { result } }) => ({ id, result })));
    for (const [i, { id, program, place, texts, solution }] of runs.entries()) {
      const other = others?.[i] ?? null;
      const chat = prompt.chat({
        program,
        run: texts,
        other: other === null ? null : (runs[other] as Run).texts,
        solution,
      });
      const hashes = { source: hashText(program.code), solution: solution === null ? null : hashText(solution) };
      yield { id, place, ...hashes, made: checked(chat) };
    }
  }
}

function checked(chat: Chat | { lacks: Place }): Chat | Drop {
  if ("lacks" in chat) return LACKS[chat.lacks] ?? { reason: "no-value", message: `The row has no ${chat.lacks}.` };
  if (chat.rejected !== chat.answer) return chat;
  return { reason: "no-pair", message: "The wrong answer would be the right one." };
}

const NO_OTHER: Drop = { reason: "no-pair", message: "No other input of the program has a result of another value." };
const LACKS: Readonly<Partial<Record<Place, Drop>>> = {
  otherTrace: NO_OTHER,
  otherResult: NO_OTHER,
  result: { reason: "no-result", message: "The run left no result to show." },
  expected: { reason: "no-expected", message: "The program's row does not say what is expected." },
};

async function* oneByOne(rows: AsyncIterable<DatasetRow>): AsyncGenerator<Run[], void, undefined> {
  for await (const row of rows) yield [runOf(row)];
}

/** Rows that follow each other and are of one source: all inputs of a row of PyEdu. */
async function* bySource(rows: AsyncIterable<DatasetRow>): AsyncGenerator<Run[], void, undefined> {
  let runs: Run[] = [];
  for await (const row of rows) {
    if (runs.length > 0 && runs[0]?.program.code !== row.program.code) {
      yield runs;
      runs = [];
    }
    runs.push(runOf(row));
  }
  if (runs.length > 0) yield runs;
}

function runOf(row: DatasetRow): Run {
  return { ...row, texts: runTexts(row.row, row.program.entry) };
}
