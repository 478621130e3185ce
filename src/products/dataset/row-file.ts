import { type FileHash, hashFile } from "../../base/io/hash.ts";
import { createParquet, type ParquetColumn } from "../../base/io/parquet-write.ts";
import { PartFile, publishPart } from "../../base/io/part-file.ts";
import type { FileKind, OutputKind } from "./recipe.ts";

/** A file of rows that has its name when it is finished. */
export interface RowFile extends AsyncDisposable {
  append(row: Record<string, unknown>): Promise<void>;
  finish(): Promise<FileHash & { path: string }>;
}

const META: ParquetColumn = { name: "meta" };

const COLUMNS: Readonly<Record<OutputKind, readonly ParquetColumn[]>> = {
  sharegpt: [{ name: "id" }, { name: "system" }, { name: "conversations", members: ["from", "value"] }, META],
  alpaca: [{ name: "id" }, { name: "system" }, { name: "instruction" }, { name: "input" }, { name: "output" }, META],
  messages: [{ name: "id" }, { name: "messages", members: ["role", "content"] }, META],
  text: [{ name: "id" }, { name: "text" }, META],
  "trl-preference": [
    { name: "id" },
    ...["prompt", "chosen", "rejected"].map((name) => ({ name, members: ["role", "content"] })),
    META,
  ],
  preference: [
    { name: "id" },
    { name: "system" },
    { name: "conversations", members: ["from", "value"] },
    { name: "chosen", fields: ["from", "value"] },
    { name: "rejected", fields: ["from", "value"] },
    META,
  ],
};

/** `stem` is the path without the file's kind. */
export function createRowFile(stem: string, files: FileKind, kind: OutputKind): Promise<RowFile> {
  return files === "jsonl" ? createLines(`${stem}.jsonl`) : createTable(`${stem}.parquet`, COLUMNS[kind]);
}

async function createLines(path: string): Promise<RowFile> {
  const file = await PartFile.create(path);
  return {
    append: (row) => file.append(`${JSON.stringify(row)}\n`),
    async finish() {
      const written = await file.seal();
      await publishPart(path);
      return { path, ...written };
    },
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  };
}

async function createTable(path: string, columns: readonly ParquetColumn[]): Promise<RowFile> {
  const table = createParquet(path, columns);
  return {
    append: async (row) => table.append(row),
    async finish() {
      await table.finish();
      return { path, ...(await hashFile(path)) };
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
