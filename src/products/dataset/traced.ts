import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { RenderError, TracemillError, UsageError } from "../../base/errors.ts";
import type { Manifest, ManifestFile } from "../../base/schema/manifest.ts";
import type { TracerOptions } from "../../engine/tracer.ts";
import type { RejectedLine } from "../../jobs/rejected-line.ts";
import { type RunProgress, runTrace } from "../../jobs/trace.ts";
import { generatedItems } from "../../programs/generate/generate.ts";
import { checkGenerateOptions, type GenerateOptions } from "../../programs/generate/generate-options.ts";
import { type ReadOptions, readPrograms } from "../../programs/sources/read.ts";
import type { RowPlace } from "../../programs/sources/source.ts";
import type { Drop } from "../../views/filters/filter.ts";
import { RECORDINGS } from "../../views/formats/record.ts";
import { findRenderer } from "../../views/formats/registry.ts";
import { type Renderer, type View, WHOLE } from "../../views/formats/renderer.ts";
import type { Said } from "../../views/formats/said.ts";
import { programsPath, recordsPath } from "./folder-claim.ts";
import type { Recipe } from "./recipe.ts";
import { prepareRepairs, type Repairs } from "./repairs.ts";
import { type TracedRun, tracedRuns } from "./traced-runs.ts";

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

/** A run with all that is known of its program. */
export interface DatasetRun extends TracedRun {
  /** The right program in the place of a faulty one; null: there is none. */
  readonly solution: string | null;
}

/** What a format makes of a run. */
export interface DatasetRow extends Omit<DatasetRun, "trace"> {
  readonly id: string;
  /** Or why the format cannot show the run. */
  readonly made: { readonly said: Said } | Drop;
}

/** The programs of a recipe, after each of them ran once. */
export interface Traced {
  readonly manifest: Manifest;
  readonly inputs: ManifestFile[];
  /** As often as they are asked for. */
  runs(): AsyncGenerator<DatasetRun, void, undefined>;
  /** Each run as the format shows it. */
  rowsAs(format: string): AsyncGenerator<DatasetRow, void, undefined>;
  /** Rows of the inputs, and programs, that have no record. */
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
  const generate = recipe.generate === undefined ? undefined : checkGenerateOptions(recipe.generate);
  const inputs = repairs === null ? request.inputs : [programs];
  const ownReading: ReadOptions = repairs === null ? reading : { source: "native" };
  const output = recordsPath(work);
  const manifest = await trace(recipe, request, { inputs, generate, reading: ownReading, output, tracer });
  if (manifest === null) return null;
  async function* runs(): AsyncGenerator<DatasetRun, void, undefined> {
    const items =
      generate === undefined ? readPrograms(inputs, ownReading) : generatedItems(generate, ownReading, { made: 0 });
    for await (const run of tracedRuns(output, items)) {
      signal?.throwIfAborted();
      const solution = repairs?.solutions.get(run.program.id) ?? null;
      yield { ...run, solution, place: placeOf(repairs, run.place) };
    }
  }
  return {
    manifest,
    inputs: (repairs?.inputs ?? manifest.inputs).map((file) => ({ ...file, path: basename(file.path) })),
    runs,
    async *rowsAs(format) {
      const renderer = findRenderer(format);
      const view = { ...WHOLE, correct: recipe.correct && renderer.corrects !== null };
      for await (const run of runs()) yield* rowsOf(run, renderer, view);
    },
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

function rowsOf({ trace, ...run }: DatasetRun, renderer: Renderer, view: View): DatasetRow[] {
  try {
    const made = renderer.render(run.program, trace, view);
    return made.map(({ row, said }) => ({ ...run, id: (row as { id: string }).id, made: { said: said() } }));
  } catch (error) {
    if (!(error instanceof RenderError)) throw error;
    return [{ ...run, id: run.program.id, made: { reason: error.code, message: error.message } }];
  }
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

export function readOptions({ source, generate, map, limit }: Recipe): ReadOptions {
  return {
    ...(source === undefined || generate !== undefined ? {} : { source }),
    ...(map === undefined ? {} : { map }),
    ...(limit === undefined ? {} : { limit }),
  };
}

async function trace(
  { filters }: Recipe,
  { work, signal, onProgress }: TraceInputsRequest,
  run: {
    inputs: readonly string[];
    generate: GenerateOptions | undefined;
    reading: ReadOptions;
    output: string;
    tracer: TracerOptions;
  },
): Promise<Manifest | null> {
  const { state, manifest } = await runTrace({
    inputs: run.inputs,
    output: run.output,
    format: RECORDINGS.name,
    filters,
    ...(run.generate === undefined ? {} : { generate: run.generate }),
    ...(run.reading.source === undefined ? {} : { source: run.reading.source }),
    ...(run.reading.map === undefined ? {} : { map: run.reading.map }),
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
