import { basename, join } from "node:path";
import { PartFile, publishPart } from "../../base/io/part-file.ts";
import type { RejectedLine } from "../../jobs/rejected-line.ts";
import { type LengthReport, lengthReport, type RowLength } from "./lengths.ts";
import { type ChatRow, KINDS } from "./output-kinds.ts";
import type { Recipe } from "./recipe.ts";
import { createRowFile, type RowFile } from "./row-file.ts";
import { SPLITS, type Split } from "./split.ts";

export interface WrittenSplit extends LengthReport {
  file: string;
  bytes: number;
  sha256: string;
}

export interface Written {
  readonly splits: { [S in Split]?: WrittenSplit };
  /** What dataset_info.json holds. */
  readonly info: Readonly<Record<string, unknown>>;
  /** Rows left out, by reason. */
  readonly left: Readonly<Record<string, number>>;
}

/** The files of rows that a folder of training data has, while they are written. */
export class DatasetFolder implements AsyncDisposable {
  readonly #path: string;
  readonly #recipe: Recipe;
  readonly #files: Map<Split, RowFile> = new Map();
  readonly #lengths: Record<Split, RowLength[]> = { train: [], validation: [], test: [] };
  readonly #rejected: PartFile;
  readonly #left: Record<string, number> = {};

  private constructor(path: string, recipe: Recipe, rejected: PartFile) {
    this.#path = path;
    this.#recipe = recipe;
    this.#rejected = rejected;
  }

  static async create(path: string, recipe: Recipe): Promise<DatasetFolder> {
    return new DatasetFolder(path, recipe, await PartFile.create(rejectedPath(path)));
  }

  async add(split: Split, row: ChatRow, length: RowLength): Promise<void> {
    const { name, output } = this.#recipe;
    let file = this.#files.get(split);
    if (file === undefined) {
      file = await createRowFile(join(this.#path, `${name}-${split}`), output.files, output.kind);
      this.#files.set(split, file);
    }
    await file.append(KINDS[output.kind].row(row));
    this.#lengths[split].push(length);
  }

  async reject(line: RejectedLine): Promise<void> {
    await this.#rejected.append(`${JSON.stringify(line)}\n`);
    this.#left[line.reason] = (this.#left[line.reason] ?? 0) + 1;
  }

  /** Gives the files their names. */
  async finish(): Promise<Written> {
    const { name, output } = this.#recipe;
    const info: Record<string, unknown> = {};
    const splits: { [S in Split]?: WrittenSplit } = {};
    for (const split of SPLITS) {
      const file = this.#files.get(split);
      if (file === undefined) continue;
      const { path, bytes, sha256 } = await file.finish();
      splits[split] = { file: basename(path), bytes, sha256, ...lengthReport(this.#lengths[split]) };
      const { entry } = KINDS[output.kind];
      if (entry !== null) info[split === "train" ? name : `${name}-${split}`] = { file_name: basename(path), ...entry };
    }
    await this.#rejected.seal();
    await publishPart(rejectedPath(this.#path));
    return { splits, info, left: this.#left };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const file of this.#files.values()) await file[Symbol.asyncDispose]();
    await this.#rejected[Symbol.asyncDispose]();
  }
}

function rejectedPath(folder: string): string {
  return join(folder, "rejected.jsonl");
}
