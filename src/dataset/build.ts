import { existsSync } from "node:fs";
import { mkdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "../errors.ts";
import type { Drop } from "../filters/filter.ts";
import { writeWhole } from "../io/part-file.ts";
import { findRenderer } from "../render/registry.ts";
import { ESTIMATE } from "../render/tokens.ts";
import type { RunProgress } from "../run/trace-run.ts";
import { type DatasetManifest, dataCard } from "./card.ts";
import { type ChatCounter, openChatCounter } from "./chat-tokens.ts";
import { DatasetFolder } from "./dataset-folder.ts";
import { type Example, examplesOf } from "./examples.ts";
import { checkFits, unfitRows } from "./fits.ts";
import { charsOf } from "./lengths.ts";
import { PartnerFinder } from "./partners.ts";
import { type Chat, type Prompt, readPrompt } from "./prompt.ts";
import { type Recipe, readRecipe, recipePath } from "./recipe.ts";
import { type KnownSource, sourcesOf } from "./sources-of.ts";
import { splitOf } from "./split.ts";
import { type Traced, traceInputs } from "./traced.ts";
import { UpTo } from "./up-to.ts";

export interface DatasetRequest {
  /** Path of the recipe, or the name of one that comes with tracemill. */
  recipe: string;
  folder: string;
  /** Instead of the recipe's; paths are relative to the working directory. */
  inputs?: readonly string[] | undefined;
  solutions?: readonly string[] | undefined;
  tokenizer?: string | undefined;
  limit?: number | undefined;
  /** Replace a folder that is there, and what an interrupted build of another recipe left. */
  force?: boolean;
  workers?: number | undefined;
  python?: string | undefined;
  signal?: AbortSignal;
  onProgress?: (progress: RunProgress) => void;
}

/** Null when it was interrupted; the same request goes on. */
export async function buildDataset(request: DatasetRequest): Promise<DatasetManifest | null> {
  const path = recipePath(request.recipe);
  const recipe = chosenRecipe(await readRecipe(path), request);
  const home = dirname(resolve(path));
  const prompt = await readPrompt(recipe.prompt, home);
  checkRecipe(recipe, prompt);
  checkFits(recipe, prompt);
  if (existsSync(request.folder) && !request.force) {
    throw new UsageError(
      "bad-output",
      `${request.folder} exists. Name another folder with -o, or replace it by --force.`,
    );
  }
  const { tokenizer } = recipe;
  const at = request.tokenizer === undefined ? home : ".";
  const counter =
    tokenizer === undefined
      ? null
      : await openChatCounter(
          tokenizer === ESTIMATE ? tokenizer : resolve(at, tokenizer),
          recipe.output.kind !== "text",
        );
  return await new DatasetBuild(request, recipe, prompt, home, counter).run();
}

/** What the request names goes before what the recipe says. */
function chosenRecipe(recipe: Recipe, { inputs, solutions, tokenizer, limit }: DatasetRequest): Recipe {
  return {
    ...recipe,
    inputs: inputs === undefined ? recipe.inputs : [...inputs],
    solutions: solutions === undefined ? recipe.solutions : [...solutions],
    ...(tokenizer === undefined ? {} : { tokenizer }),
    ...(limit === undefined ? {} : { limit }),
  };
}

function checkRecipe({ inputs, solutions, renderer, output }: Recipe, prompt: Prompt): void {
  if (inputs.length === 0) {
    throw new UsageError("no-inputs", "The recipe names no inputs; name them with --input FILE...");
  }
  if (findRenderer(renderer).extension !== ".jsonl") {
    throw new UsageError("bad-recipe", `The renderer "${renderer}" makes no rows; name a format of rows.`);
  }
  if (prompt.places.has("solution") && solutions.length === 0) {
    const fix = "name rows with the right programs with --solutions FILE..., or in the recipe";
    throw new UsageError("no-solutions", `The prompt ${prompt.name} shows {{solution}}: ${fix}.`);
  }
  if ((output.kind === "preference") !== prompt.rejects) {
    const fix = prompt.rejects ? "has wrong answers: make rows of the kind" : "needs a template of wrong answers for";
    throw new UsageError("bad-recipe", `The prompt ${prompt.name} ${fix} "preference".`);
  }
}

/** One build: the state that its steps share. Everything is made in FOLDER.part. */
class DatasetBuild {
  readonly #request: DatasetRequest;
  readonly #recipe: Recipe;
  readonly #prompt: Prompt;
  readonly #home: string;
  readonly #counter: ChatCounter | null;
  readonly #part: string;
  /** Of an earlier, interrupted build too. */
  readonly #work: string;
  /** Why rows do not fit in all formats that the recipe compares, by their ids. */
  #unfit: ReadonlyMap<string, Drop> = new Map();

  constructor(request: DatasetRequest, recipe: Recipe, prompt: Prompt, home: string, counter: ChatCounter | null) {
    this.#request = request;
    this.#recipe = recipe;
    this.#prompt = prompt;
    this.#home = home;
    this.#counter = counter;
    const folder = resolve(request.folder);
    this.#part = `${folder}.part`;
    this.#work = `${folder}.work`;
  }

  async run(): Promise<DatasetManifest | null> {
    const { signal } = this.#request;
    return await this.#build().catch((error: unknown) => {
      if (signal?.aborted && error === signal.reason) return null;
      throw error;
    });
  }

  async #build(): Promise<DatasetManifest | null> {
    await mkdir(this.#work, { recursive: true });
    const traced = await this.#trace().catch(async (error: unknown) => {
      // Only where nothing is in it that could be gone on with.
      await rmdir(this.#work).catch(() => {});
      throw error;
    });
    if (traced === null) return null;
    const resolved = (path: string): string => resolve(this.#home, path);
    const known = await sourcesOf(traced.rows, this.#recipe, resolved, this.#request.python);
    if (this.#recipe.fits !== undefined && this.#counter !== null) {
      this.#unfit = await unfitRows(traced, { ...this.#recipe.fits, prompt: this.#prompt, counter: this.#counter });
    }
    await rm(this.#part, { recursive: true, force: true });
    await mkdir(this.#part);
    const manifest = await this.#write(traced, known);
    const { folder, force = false } = this.#request;
    if (force) await rm(folder, { recursive: true, force });
    await rename(this.#part, folder);
    await rm(this.#work, { recursive: true });
    return manifest;
  }

  #trace(): Promise<Traced | null> {
    const fromHome = (paths: readonly string[]): string[] => paths.map((path) => resolve(this.#home, path));
    return traceInputs(this.#recipe, {
      ...this.#request,
      inputs: this.#request.inputs ?? fromHome(this.#recipe.inputs),
      solutions: this.#request.solutions ?? fromHome(this.#recipe.solutions),
      work: this.#work,
    });
  }

  async #write(traced: Traced, known: ReadonlyMap<string, KnownSource>): Promise<DatasetManifest> {
    const { split, perSource } = this.#recipe;
    await using partners = await this.#partners();
    await using folder = await DatasetFolder.create(this.#part, this.#recipe);
    const examples = (): AsyncGenerator<Example, void, undefined> => {
      return examplesOf(traced.rows(), { prompt: this.#prompt, partners });
    };
    const chosen = perSource === 0 ? null : new UpTo(perSource, split.seed);
    if (chosen !== null) {
      for await (const example of examples()) {
        if (this.#whyOut(example, known) === null) chosen.offer(example.source, example.id);
      }
    }
    for await (const line of traced.rejected()) await folder.reject(line);
    for await (const example of examples()) {
      const { id, place, source, made } = example;
      const drop = this.#whyOut(example, known);
      if (drop !== null) await folder.reject({ id, ...place, ...drop });
      else if (chosen !== null && !chosen.has(source, id)) {
        const message = `The recipe takes ${perSource} rows of a source; others were chosen.`;
        await folder.reject({ id, ...place, reason: "too-many-of-source", message });
      } else {
        const chat = made as Chat;
        await folder.add(splitOf(known.get(source)?.group ?? id, split), id, chat, {
          chars: charsOf(chat),
          tokens: this.#counter?.count(chat) ?? null,
        });
      }
    }
    return await this.#finish(traced, folder);
  }

  async #partners(): Promise<PartnerFinder | null> {
    const { places } = this.#prompt;
    if (!places.has("otherTrace") && !places.has("otherResult")) return null;
    return await PartnerFinder.open(this.#request.python, this.#recipe.split.seed);
  }

  /** Why a row must not be in the data set; null: it may. */
  #whyOut({ id, source, solution, made }: Example, known: ReadonlyMap<string, KnownSource>): Drop | null {
    if ("reason" in made) return made;
    for (const hash of [source, solution]) {
      const contamination = (hash === null ? undefined : known.get(hash))?.contamination ?? null;
      if (contamination === null) continue;
      return { reason: "contaminated", message: `The program is left out: ${contamination}.` };
    }
    const { maxChars } = this.#recipe;
    const chars = charsOf(made);
    if (maxChars === 0 || chars <= maxChars) return this.#unfit.get(id) ?? null;
    return { reason: "row-too-long", message: `The row has ${chars} characters, more than ${maxChars}.` };
  }

  async #finish(traced: Traced, folder: DatasetFolder): Promise<DatasetManifest> {
    const { splits, info, left } = await folder.finish();
    const { versions, seeds, counts } = traced.manifest;
    const { name, sha256, places } = this.#prompt;
    const manifest: DatasetManifest = {
      dataset: 1,
      name: this.#recipe.name,
      recipe: this.#recipe,
      prompt: { name, sha256, shows: Array.from(places) },
      tokens: this.#counter === null ? null : { chatTemplate: this.#counter.template },
      versions,
      seeds: { ...seeds, split: this.#recipe.split.seed },
      programs: counts.programs,
      statuses: counts.statuses,
      left,
      splits,
      inputs: traced.inputs,
    };
    await writeWhole(join(this.#part, "dataset_info.json"), `${JSON.stringify(info, null, 2)}\n`);
    await writeWhole(join(this.#part, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    await writeWhole(join(this.#part, "README.md"), dataCard(manifest));
    return manifest;
  }
}
