import { rename } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { hashFile } from "../../base/io/hash.ts";
import { writeWhole } from "../../base/io/part-file.ts";
import { fingerprint, type Identity } from "../../jobs/identity.ts";
import { tokenizerFiles } from "../../jobs/tokenizer-files.ts";
import { toolVersion } from "../../jobs/tool-version.ts";
import type { RunProgress } from "../../jobs/trace.ts";
import type { ScriptOptions } from "../../prepare/inspect/sandboxed-script.ts";
import type { InputFile } from "../../programs/sources/file-kinds.ts";
import { IdSet } from "../../programs/sources/id-set.ts";
import { findInputs } from "../../programs/sources/inputs.ts";
import type { Drop } from "../../views/filters/filter.ts";
import { findRenderer } from "../../views/formats/registry.ts";
import { ESTIMATE } from "../../views/text/tokens.ts";
import { type DatasetFacts, type DatasetManifest, dataCard } from "./card.ts";
import { type ChatCounter, openChatCounter } from "./chat-tokens.ts";
import { DatasetFolder } from "./dataset-folder.ts";
import { type Example, examplesOf } from "./examples.ts";
import { checkFits, unfitRows } from "./fits.ts";
import { FolderClaim } from "./folder-claim.ts";
import { charsOf } from "./lengths.ts";
import { PartnerFinder } from "./partners.ts";
import { type Chat, OF_RENDERER, type Prompt, readPrompt } from "./prompt.ts";
import { isPreference, type Recipe, readRecipe, recipePath } from "./recipe.ts";
import { RejectedLines } from "./rejected-lines.ts";
import { refuseSingleInputs } from "./several-inputs.ts";
import { type KnownSource, sourcesOf } from "./sources-of.ts";
import { splitOf } from "./split.ts";
import { readOptions, type Traced, traceInputs } from "./traced.ts";
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
  /** Go on with what an interrupted build of the same request left; start when nothing was left. */
  resume?: boolean;
  /** Replace a data set that a build made, and throw away what an interrupted one left. */
  force?: boolean;
  workers?: number | undefined;
  python?: string | undefined;
  signal?: AbortSignal;
  /** Told, in words, what of the inputs is not read. */
  onNote?: (text: string) => void;
  onProgress?: (progress: RunProgress) => void;
}

export interface DatasetResult {
  /** `unchanged`: an earlier build had finished already. */
  state: "finished" | "unchanged" | "interrupted";
  /** Null when it was interrupted. */
  manifest: DatasetManifest | null;
}

export async function buildDataset(request: DatasetRequest): Promise<DatasetResult> {
  const path = recipePath(request.recipe);
  const recipe = chosenRecipe(await readRecipe(path), request);
  const home = dirname(resolve(path));
  const prompt = await readPrompt(recipe.prompt, home);
  checkRecipe(recipe, prompt);
  checkFits(recipe, prompt);
  const { tokenizer } = recipe;
  const at = request.tokenizer === undefined ? home : ".";
  const counter =
    tokenizer === undefined
      ? null
      : await openChatCounter(
          tokenizer === ESTIMATE ? tokenizer : resolve(at, tokenizer),
          recipe.output.kind !== "text",
        );
  const fromHome = (paths: readonly string[]): string[] => paths.map((named) => resolve(home, named));
  const inputs = request.inputs ?? fromHome(recipe.inputs);
  const solutions = request.solutions ?? fromHome(recipe.solutions);
  const files = await findInputs([...inputs, ...solutions], request.onNote);
  const identity = {
    tracemill: toolVersion(),
    recipe,
    prompt: { name: prompt.name, sha256: prompt.sha256 },
    python: request.python ?? null,
    inputs: await Promise.all(files.map(contentOf)),
  };
  const folders = await FolderClaim.make({
    folder: request.folder,
    inputs: [path, ...files.map((file) => file.path), ...(await otherFiles(recipe, home, at))],
    fingerprint: fingerprint(identity),
    resume: request.resume ?? false,
    force: request.force ?? false,
  });
  if (folders.finished === null && (prompt.places.has("otherTrace") || prompt.places.has("otherResult"))) {
    await refuseSingleInputs(inputs, readOptions(recipe));
  }
  if (folders.finished !== null) return { state: "unchanged", manifest: folders.finished };
  const paths = files.map((file) => file.path);
  const parts = { request, recipe, prompt, home, counter, inputs, files: paths, solutions, folders, identity };
  const manifest = await new DatasetBuild(parts).run();
  return { state: manifest === null ? "interrupted" : "finished", manifest };
}

/** The same wherever the file lies. */
async function contentOf({ path, location }: InputFile): Promise<Identity> {
  return { name: basename(path), ...(await hashFile(location)) };
}

/** What is read beside inputs and recipe. */
async function otherFiles({ tokenizer, decontaminate }: Recipe, home: string, at: string): Promise<string[]> {
  const counted = tokenizer === undefined || tokenizer === ESTIMATE ? null : resolve(at, tokenizer);
  const sets = decontaminate.against.flatMap(({ inputs }) => inputs.map((path) => resolve(home, path)));
  return [...tokenizerFiles({ tokenizer: counted }), ...(await findInputs(sets)).map(({ path }) => path)];
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

function checkRecipe({ inputs, solutions, renderer, output, generate }: Recipe, prompt: Prompt): void {
  if (generate !== undefined && inputs.length > 0) {
    throw new UsageError("bad-recipe", "The recipe generates its programs and reads no inputs; leave one of both out.");
  }
  if (inputs.length === 0 && generate === undefined) {
    throw new UsageError("no-inputs", "The recipe names no inputs; name them with --input FILE...");
  }
  const { asks = false } = findRenderer(renderer);
  if (asks && (prompt.name === OF_RENDERER || prompt.places.has("answer"))) {
    const fix = "name a prompt whose answer is {{trace}}, {{result}} or {{solution}}";
    throw new UsageError("bad-recipe", `The renderer "${renderer}" only asks, and has no answer: ${fix}.`);
  }
  if (prompt.places.has("solution") && solutions.length === 0) {
    const fix = "name rows with the right programs with --solutions FILE..., or in the recipe";
    throw new UsageError("no-solutions", `The prompt ${prompt.name} shows {{solution}}: ${fix}.`);
  }
  if (isPreference(output.kind) !== prompt.rejects) {
    const fix = prompt.rejects ? "has wrong answers: make rows of the kind" : "needs a template of wrong answers for";
    const kind = prompt.rejects ? '"preference" or "trl-preference"' : `"${output.kind}"`;
    throw new UsageError("bad-recipe", `The prompt ${prompt.name} ${fix} ${kind}.`);
  }
}

/** A row of the same texts is one for a trainer, whatever program it is of. */
function repeated({ system, user, answer, rejected }: Chat, written: IdSet): Drop | null {
  if (written.add(JSON.stringify([system, user, answer, rejected]))) return null;
  return { reason: "duplicate-row", message: "An earlier row has the same texts." };
}

/** Whom to ask about sources and values. */
function asking({ python, signal }: DatasetRequest): ScriptOptions {
  return { python, signal };
}

interface BuildParts {
  readonly request: DatasetRequest;
  readonly recipe: Recipe;
  readonly prompt: Prompt;
  /** Where the recipe's paths begin. */
  readonly home: string;
  readonly counter: ChatCounter | null;
  readonly inputs: readonly string[];
  /** That these mean, and those of the solutions. */
  readonly files: readonly string[];
  readonly solutions: readonly string[];
  readonly folders: FolderClaim;
  readonly identity: Identity;
}

/** One build: the state that its steps share. */
class DatasetBuild {
  readonly #parts: BuildParts;
  readonly #recipe: Recipe;
  readonly #prompt: Prompt;
  readonly #counter: ChatCounter | null;
  readonly #folders: FolderClaim;
  /** Why rows do not fit in all formats that the recipe compares, by their ids. */
  #unfit: ReadonlyMap<string, Drop> = new Map();

  constructor(parts: BuildParts) {
    this.#parts = parts;
    this.#recipe = parts.recipe;
    this.#prompt = parts.prompt;
    this.#counter = parts.counter;
    this.#folders = parts.folders;
  }

  async run(): Promise<DatasetManifest | null> {
    const { signal } = this.#parts.request;
    return await this.#build().catch((error: unknown) => {
      if (signal?.aborted && error === signal.reason) return null;
      throw error;
    });
  }

  async #build(): Promise<DatasetManifest | null> {
    const { request, home } = this.#parts;
    await this.#folders.openWork();
    const traced = await this.#trace().catch(async (error: unknown) => {
      await this.#folders.leaveEmptyWork();
      throw error;
    });
    if (traced === null) return null;
    const resolved = (path: string): string => resolve(home, path);
    const known = await sourcesOf(traced.runs, this.#recipe, resolved, asking(request));
    if (this.#recipe.fits !== undefined && this.#counter !== null) {
      this.#unfit = await unfitRows(traced, { ...this.#recipe.fits, prompt: this.#prompt, counter: this.#counter });
    }
    await this.#folders.openPart();
    const manifest = await this.#write(traced, known);
    await this.#folders.clearFolder();
    await rename(this.#folders.part, this.#folders.folder);
    await this.#folders.discardWork();
    return manifest;
  }

  #trace(): Promise<Traced | null> {
    const { request, inputs, solutions } = this.#parts;
    return traceInputs(this.#recipe, { ...request, inputs, solutions, work: this.#folders.work });
  }

  async #write(traced: Traced, known: ReadonlyMap<string, KnownSource>): Promise<DatasetManifest> {
    const { renderer, split, perSource } = this.#recipe;
    const checks = new Set(this.#recipe.checks);
    const written = new IdSet();
    await using partners = await this.#partners();
    await using folder = await DatasetFolder.create(this.#folders.part, this.#recipe);
    const examples = (): AsyncGenerator<Example, void, undefined> => {
      return examplesOf(traced.rowsAs(renderer), { prompt: this.#prompt, checks, partners });
    };
    const chosen = perSource === 0 ? null : new UpTo(perSource, split.seed);
    if (chosen !== null) {
      for await (const example of examples()) {
        if (this.#whyOut(example, known) === null) chosen.offer(example.source, example.id);
      }
    }
    const rejected = new RejectedLines(traced.rejected(), this.#parts.files);
    for await (const example of examples()) {
      const { id, place, source, meta, made } = example;
      for await (const line of rejected.before(place)) await folder.reject(line);
      const drop = this.#whyOut(example, known);
      if (drop !== null) await folder.reject({ id, ...place, ...drop });
      else if (chosen !== null && !chosen.has(source, id)) {
        const message = `The recipe takes ${perSource} rows of a source; others were chosen.`;
        await folder.reject({ id, ...place, reason: "too-many-of-source", message });
      } else {
        const chat = made as Chat;
        const tokens = this.#counter?.count(chat) ?? null;
        const late = this.#tooManyTokens(tokens) ?? (checks.has("duplicate-row") ? repeated(chat, written) : null);
        if (late !== null) await folder.reject({ id, ...place, ...late });
        else {
          const splitName = splitOf(known.get(source)?.group ?? id, split);
          await folder.add(splitName, { id, chat, meta }, { chars: charsOf(chat), tokens });
        }
      }
    }
    for await (const line of rejected.rest()) await folder.reject(line);
    return await this.#finish(traced, folder);
  }

  async #partners(): Promise<PartnerFinder | null> {
    const { places } = this.#prompt;
    if (!places.has("otherTrace") && !places.has("otherResult")) return null;
    return await PartnerFinder.open(asking(this.#parts.request), this.#recipe.split.seed);
  }

  #tooManyTokens(tokens: number | null): Drop | null {
    const { cutoffTokens = Number.POSITIVE_INFINITY } = this.#recipe;
    if (tokens === null || tokens <= cutoffTokens) return null;
    return {
      reason: "over-cutoff",
      message: `The row has ${tokens} tokens; the trainer cuts it off at ${cutoffTokens}.`,
    };
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
    const described: DatasetFacts = {
      dataset: 1,
      name: this.#recipe.name,
      recipe: this.#recipe,
      prompt: { name, sha256, shows: Array.from(places) },
      tokens: this.#counter === null ? null : { chatTemplate: this.#counter.template },
      versions,
      seeds: { random: seeds?.random ?? 0, hash: seeds?.hash ?? 0, split: this.#recipe.split.seed },
      programs: counts.programs,
      statuses: counts.statuses,
      left,
      splits,
      inputs: traced.inputs,
      fingerprint: fingerprint(this.#parts.identity),
    };
    const { part } = this.#folders;
    await writeWhole(join(part, "dataset_info.json"), `${JSON.stringify(info, null, 2)}\n`);
    await writeWhole(join(part, "README.md"), dataCard(described));
    const manifest = { ...described, files: await this.#folders.hashes() };
    await writeWhole(join(part, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    return manifest;
  }
}
