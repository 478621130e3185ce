import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { TracerOptions } from "../engine/tracer.ts";
import { UsageError } from "../errors.ts";
import { hashText } from "../io/hash.ts";
import { PartFile, publishPart, writeWhole } from "../io/part-file.ts";
import { findRenderer } from "../render/registry.ts";
import type { RejectedLine } from "../run/program-feed.ts";
import { type RunProgress, runTrace } from "../run/trace-run.ts";
import type { Manifest } from "../schema/manifest.ts";
import { type ReadOptions, readPrograms } from "../sources/read.ts";
import { answerOf } from "./answer.ts";
import { type DatasetManifest, dataCard } from "./card.ts";
import { lengthReport } from "./lengths.ts";
import { KINDS } from "./output-kinds.ts";
import { type Prompt, readPrompt } from "./prompt.ts";
import { type Recipe, readRecipe } from "./recipe.ts";
import { createRowFile, type RowFile } from "./row-file.ts";
import { type KnownSource, sourcesOf } from "./sources-of.ts";
import { SPLITS, type Split, splitOf } from "./split.ts";
import { type TracedRow, tracedRows } from "./traced-rows.ts";

export interface DatasetRequest {
  /** Path of the recipe. */
  recipe: string;
  folder: string;
  /** Replace a folder that is there. */
  force?: boolean;
  workers?: number | undefined;
  python?: string | undefined;
  signal?: AbortSignal;
  onProgress?: (progress: RunProgress) => void;
}

/** Null when it was interrupted; the same request goes on. */
export async function buildDataset(request: DatasetRequest): Promise<DatasetManifest | null> {
  const recipe = await readRecipe(request.recipe);
  const home = dirname(resolve(request.recipe));
  const prompt = await readPrompt(recipe.prompt, home);
  if (findRenderer(recipe.renderer).extension !== ".jsonl") {
    throw new UsageError("bad-recipe", `The renderer "${recipe.renderer}" makes no rows; name a format of rows.`);
  }
  if (existsSync(request.folder) && !request.force) {
    throw new UsageError(
      "bad-output",
      `${request.folder} exists. Name another folder with -o, or replace it by --force.`,
    );
  }
  return await new DatasetBuild(request, recipe, prompt, home).run();
}

/** One build: the state that its steps share. Everything is made in FOLDER.part. */
class DatasetBuild {
  readonly #request: DatasetRequest;
  readonly #recipe: Recipe;
  readonly #prompt: Prompt;
  readonly #home: string;
  readonly #part: string;
  /** Of an earlier, interrupted build too. */
  readonly #work: string;

  constructor(request: DatasetRequest, recipe: Recipe, prompt: Prompt, home: string) {
    this.#request = request;
    this.#recipe = recipe;
    this.#prompt = prompt;
    this.#home = home;
    const folder = resolve(request.folder);
    this.#part = `${folder}.part`;
    this.#work = `${folder}.work`;
  }

  async run(): Promise<DatasetManifest | null> {
    await mkdir(this.#work, { recursive: true });
    const traced = await this.#trace().catch(async (error: unknown) => {
      // Only where nothing is in it that could be gone on with.
      await rmdir(this.#work).catch(() => {});
      throw error;
    });
    if (traced === null) return null;
    const { python } = this.#request;
    const known = await sourcesOf(this.#rows(), this.#recipe, (path) => this.#resolve(path), python);
    await rm(this.#part, { recursive: true, force: true });
    await mkdir(this.#part);
    const manifest = await this.#write(traced, known);
    const { folder, force = false } = this.#request;
    if (force) await rm(folder, { recursive: true, force });
    await rename(this.#part, folder);
    await rm(this.#work, { recursive: true });
    return manifest;
  }

  #resolve(path: string): string {
    return resolve(this.#home, path);
  }

  get #rowsPath(): string {
    return join(this.#work, "rows.jsonl");
  }

  async #trace(): Promise<Manifest | null> {
    const { source, limit, filters, renderer, trace, inputs } = this.#recipe;
    const { workers, python, signal, onProgress, force = false } = this.#request;
    const tracer = {
      ...trace,
      ...(workers === undefined ? {} : { workers }),
      ...(python === undefined ? {} : { python }),
    };
    const traced = runTrace({
      inputs: inputs.map((path) => this.#resolve(path)),
      output: this.#rowsPath,
      format: renderer,
      filters,
      ...(source === undefined ? {} : { source }),
      ...(limit === undefined ? {} : { limit }),
      ...(force ? { force } : { resume: true }),
      tracer: tracer as TracerOptions,
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    const { state, manifest } = await traced.catch((error: unknown) => {
      if (!(error instanceof UsageError) || error.code !== "other-run") throw error;
      const what = `${this.#work} is left of another recipe, or of other inputs`;
      throw new UsageError("other-run", `${what}. Start again with --force.`, { cause: error });
    });
    return state === "interrupted" ? null : manifest;
  }

  #rows(): AsyncGenerator<TracedRow, void, undefined> {
    const { inputs, source, limit } = this.#recipe;
    const options: ReadOptions = {};
    if (source !== undefined) options.source = source;
    if (limit !== undefined) options.limit = limit;
    const programs = readPrograms(
      inputs.map((path) => this.#resolve(path)),
      options,
    );
    return tracedRows(this.#rowsPath, programs);
  }

  async #write(traced: Manifest, known: ReadonlyMap<string, KnownSource>): Promise<DatasetManifest> {
    const { name, output, maxChars, split } = this.#recipe;
    const kind = KINDS[output.kind];
    const files = new Map<Split, RowFile>();
    const lengths: Record<Split, number[]> = { train: [], validation: [], test: [] };
    const left: Record<string, number> = { ...traced.counts.rejected };
    const rejectedPath = join(this.#part, "rejected.jsonl");
    await using rejected = await PartFile.create(rejectedPath);
    await rejected.append(await readFile(`${this.#rowsPath}.rejected.jsonl`));
    try {
      for await (const { row, program, place } of this.#rows()) {
        const example = { id: program.id, question: this.#prompt.ask(program), answer: answerOf(row) };
        const chars = (example.question.system?.length ?? 0) + example.question.user.length + example.answer.length;
        const source = known.get(hashText(program.code));
        const drop = dropOf(source?.contamination ?? null, chars, maxChars);
        if (drop !== null) {
          const line: RejectedLine = { id: program.id, ...place, ...drop };
          await rejected.append(`${JSON.stringify(line)}\n`);
          left[drop.reason] = (left[drop.reason] ?? 0) + 1;
          continue;
        }
        const part = splitOf(source?.group ?? program.id, split);
        let file = files.get(part);
        if (file === undefined) {
          file = await createRowFile(join(this.#part, `${name}-${part}`), output.files, output.kind);
          files.set(part, file);
        }
        await file.append(kind.row(example));
        lengths[part].push(chars);
      }
      return await this.#finish(traced, files, lengths, left, rejected, rejectedPath);
    } finally {
      for (const file of files.values()) await file[Symbol.asyncDispose]();
    }
  }

  async #finish(
    traced: Manifest,
    files: ReadonlyMap<Split, RowFile>,
    lengths: Readonly<Record<Split, number[]>>,
    left: Record<string, number>,
    rejected: PartFile,
    rejectedPath: string,
  ): Promise<DatasetManifest> {
    const { name, output } = this.#recipe;
    const info: Record<string, unknown> = {};
    const splits: DatasetManifest["splits"] = {};
    for (const split of SPLITS) {
      const file = files.get(split);
      if (file === undefined) continue;
      const written = await file.finish();
      const fileName = basename(written.path);
      splits[split] = { file: fileName, bytes: written.bytes, sha256: written.sha256, ...lengthReport(lengths[split]) };
      info[split === "train" ? name : `${name}-${split}`] = { file_name: fileName, ...KINDS[output.kind].entry };
    }
    await rejected.seal();
    await publishPart(rejectedPath);
    const manifest: DatasetManifest = {
      dataset: 1,
      name,
      recipe: this.#recipe,
      prompt: { name: this.#prompt.name, sha256: this.#prompt.sha256 },
      versions: traced.versions,
      seeds: { ...traced.seeds, split: this.#recipe.split.seed },
      programs: traced.counts.programs,
      statuses: traced.counts.statuses,
      left,
      splits,
      inputs: traced.inputs.map(({ path, bytes, sha256 }) => ({ path: basename(path), bytes, sha256 })),
    };
    await writeWhole(join(this.#part, "dataset_info.json"), `${JSON.stringify(info, null, 2)}\n`);
    await writeWhole(join(this.#part, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    await writeWhole(join(this.#part, "README.md"), dataCard(manifest));
    return manifest;
  }
}

function dropOf(
  contamination: string | null,
  chars: number,
  maxChars: number,
): { reason: string; message: string } | null {
  if (contamination !== null) return { reason: "contaminated", message: `The program is left out: ${contamination}.` };
  if (maxChars === 0 || chars <= maxChars) return null;
  return { reason: "row-too-long", message: `The row has ${chars} characters, more than ${maxChars}.` };
}
