import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import type { TracerOptions } from "../engine/tracer.ts";
import { TracemillError, UsageError } from "../errors.ts";
import type { RejectedLine } from "../jobs/rejected-line.ts";
import { type RunProgress, runTrace } from "../jobs/trace.ts";
import { findRenderer } from "../render/registry.ts";
import type { Manifest, ManifestFile } from "../schema/manifest.ts";
import { type ReadOptions, readPrograms } from "../sources/read.ts";
import type { RowPlace } from "../sources/source.ts";
import { programsPath, rowsPath } from "./folder-claim.ts";
import type { Recipe } from "./recipe.ts";
import { prepareRepairs, type Repairs } from "./repairs.ts";
import { type TracedRow, tracedRows } from "./traced-rows.ts";

export interface TraceInputsRequest {
  /** Paths that need no other. */
  inputs: readonly string[];
  solutions: readonly string[];
  /** Folder for what an interrupted build goes on with. */
  work: string;
  workers?: number | undefined;
  python?: string | undefined;
  signal?: AbortSignal;
  onProgress?: (progress: RunProgress) => void;
}

/** A traced row with all that is known of its program. */
export interface DatasetRow extends TracedRow {
  /** The right program in the place of a faulty one; null: there is none. */
  readonly solution: string | null;
}

/** The programs of a recipe, after they ran. */
export interface Traced {
  readonly manifest: Manifest;
  readonly inputs: ManifestFile[];
  /** As often as they are asked for. */
  rows(): AsyncGenerator<DatasetRow, void, undefined>;
  /** The same programs' rows in one of the formats that the recipe compares. */
  rowsAs(format: string): AsyncGenerator<DatasetRow, void, undefined>;
  rejected(): AsyncGenerator<RejectedLine, void, undefined>;
}

/** Null when it was interrupted; once its signal aborts, reading the rows throws the signal's reason. */
export async function traceInputs(recipe: Recipe, request: TraceInputsRequest): Promise<Traced | null> {
  const { work, solutions, signal } = request;
  const tracer = tracerOptions(recipe, request);
  const reading = readOptions(recipe);
  const programs = programsPath(work);
  const repairs =
    solutions.length === 0
      ? null
      : await prepareRepairs({ inputs: request.inputs, solutions, reading, tracer, output: programs, signal });
  const inputs = repairs === null ? request.inputs : [programs];
  const ownReading: ReadOptions = repairs === null ? reading : { source: "native" };
  const output = rowsPath(work, null);
  const run = { inputs, reading: ownReading, output, tracer };
  const manifest = await trace(recipe, request, run);
  if (manifest === null) return null;
  const outputs = new Map([[recipe.renderer, output]]);
  for (const format of recipe.fits?.formats ?? []) {
    if (outputs.has(format)) continue;
    const other = rowsPath(work, format);
    if ((await trace({ ...recipe, renderer: format }, request, { ...run, output: other })) === null) return null;
    outputs.set(format, other);
  }
  async function* rowsAs(format: string): AsyncGenerator<DatasetRow, void, undefined> {
    const many = findRenderer(format).many ?? false;
    for await (const row of tracedRows(outputs.get(format) as string, readPrograms(inputs, ownReading), many)) {
      signal?.throwIfAborted();
      const solution = repairs?.solutions.get(row.program.id) ?? null;
      yield { ...row, solution, place: placeOf(repairs, row.place) };
    }
  }
  return {
    manifest,
    inputs: (repairs?.inputs ?? manifest.inputs).map((file) => ({ ...file, path: basename(file.path) })),
    rows: () => rowsAs(recipe.renderer),
    rowsAs,
    async *rejected() {
      yield* repairs?.rejected ?? [];
      const lines = createInterface({
        input: createReadStream(`${output}.rejected.jsonl`),
        crlfDelay: Number.POSITIVE_INFINITY,
      });
      for await (const line of lines) {
        const found = JSON.parse(line) as RejectedLine;
        yield { ...found, ...placeOf(repairs, found) };
      }
    },
  };
}

/** Where the user wrote a program. */
function placeOf(repairs: Repairs | null, { file = "", row = 0 }: Partial<RowPlace>): RowPlace {
  return repairs?.places[row - 1] ?? { file, row };
}

function tracerOptions({ trace }: Recipe, { workers, python }: TraceInputsRequest): TracerOptions {
  const options = {
    ...trace,
    ...(workers === undefined ? {} : { workers }),
    ...(python === undefined ? {} : { python }),
  };
  return options as TracerOptions;
}

function readOptions({ source, limit }: Recipe): ReadOptions {
  return { ...(source === undefined ? {} : { source }), ...(limit === undefined ? {} : { limit }) };
}

async function trace(
  { renderer, correct, filters }: Recipe,
  { work, signal, onProgress }: TraceInputsRequest,
  run: { inputs: readonly string[]; reading: ReadOptions; output: string; tracer: TracerOptions },
): Promise<Manifest | null> {
  const { state, manifest } = await runTrace({
    inputs: run.inputs,
    output: run.output,
    format: renderer,
    render: { correct: correct && findRenderer(renderer).corrects !== null },
    filters,
    ...(run.reading.source === undefined ? {} : { source: run.reading.source }),
    ...(run.reading.limit === undefined ? {} : { limit: run.reading.limit }),
    resume: true,
    tracer: run.tracer,
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  }).catch((error: unknown) => {
    const what = error instanceof TracemillError ? UNUSABLE[error.code] : undefined;
    if (what === undefined) throw error;
    throw new UsageError("other-run", `${work} ${what}. Start again with --force.`, { cause: error });
  });
  return state === "interrupted" ? null : manifest;
}

/** Why what an interrupted run left cannot be gone on with, by the code of the error that says so. */
const UNUSABLE: Readonly<Record<string, string>> = {
  "other-run": "is left of another recipe, or of other inputs",
  "output-changed": "was changed since the run that left it",
  "bad-journal": "was changed since the run that left it",
};
