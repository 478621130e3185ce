import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { parquetRows } from "../../../src/base/io/parquet-rows.ts";
import { buildDataset } from "../../../src/products/dataset/build.ts";
import type { DatasetManifest } from "../../../src/products/dataset/card.ts";
import { jsonLines } from "../../helpers/built-dataset.ts";
import { builtPythons } from "../../helpers/built-pythons.ts";
import { collect } from "../../helpers/collect.ts";
import { TestFolder } from "../../helpers/test-folder.ts";

// Tracer processes start in each of them.
vi.setConfig({ testTimeout: 120_000 });

const [python] = await builtPythons();

const folder = new TestFolder();

/** Thirty programs of two inputs each, one that fails, a row that is none, and `more`. */
function writeInput(...more: object[]): void {
  const functions = Array.from({ length: 30 }, (_, i) => {
    const words = ["alpha", "beta", "gamma", "delta", "sigma"].map((word, w) => `${word}${i} = x * ${i + w}`);
    const code = `def f(x):\n    ${words.join("\n    ")}\n    return sigma${i} + ${i}`;
    return { refcode: code, funcname: "f", msgidx: i, ios: [{ input: { x: 1 } }, { input: { x: 2 } }] };
  });
  const fails = { refcode: "def f(x): return 1 / x", funcname: "f", msgidx: "fails", ios: [{ input: { x: 0 } }] };
  folder.writeRows([...functions, fails, { nothing: 1 }, ...more]);
}

async function build(recipe: string, out = "out", force = false): Promise<DatasetManifest> {
  const text = `name: set\nlicence: cc-by-4.0\ninputs: [in.jsonl]\nrenderer: statelens\n${recipe}`;
  const request = { recipe: folder.write("recipe.yaml", text), folder: folder.at(out), workers: 1, force };
  const { manifest } = await buildDataset({ ...request, python: python?.executable });
  if (manifest === null) throw new Error("interrupted");
  return manifest;
}

const rowsOf = (path: string): Record<string, unknown>[] => jsonLines(folder.at(path));

test.skipIf(!python)("a folder of splits, with everything about them, that is the same every time", async () => {
  writeInput();
  const manifest = await build("split: {validation: 0.3, test: 0.2, seed: 4}\n");
  expect(readdirSync(folder.at("out")).sort()).toEqual([
    "README.md",
    "dataset_info.json",
    "manifest.json",
    "rejected.jsonl",
    "set-test.jsonl",
    "set-train.jsonl",
    "set-validation.jsonl",
  ]);
  const rows = ["train", "validation", "test"].map((split) => rowsOf(`out/set-${split}.jsonl`));
  expect(rows.flat()).toHaveLength(60);
  expect(rowsOf("out/rejected.jsonl").map(({ id, reason }) => [id, reason])).toEqual([
    ["fails/0", "exception"],
    [undefined, "unknown-source"],
  ]);
  expect(manifest.left).toEqual({ exception: 1, "unknown-source": 1 });
  // Both inputs of a program are in one split.
  const programs = rows.map((split) => new Set(split.map(({ id }) => String(id).split("/")[0])));
  const [train, validation, held] = programs as [Set<string>, Set<string>, Set<string>];
  expect(train.size + validation.size + held.size).toBe(30);
  for (const [i, { sha256, rows: count, file }] of Object.values(manifest.splits).entries()) {
    const bytes = readFileSync(folder.at("out", file));
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
    expect(count).toBe(rows[i]?.length);
    expect(folder.text("out", "README.md")).toContain(sha256);
  }
  expect(existsSync(folder.at("out.work"))).toBe(false);
  await build("split: {validation: 0.3, test: 0.2, seed: 4}\n", "again");
  for (const name of readdirSync(folder.at("out"))) {
    expect(folder.text("again", name), name).toBe(folder.text("out", name));
  }
});

test.skipIf(!python)(
  "every kind of row has the columns and tags that dataset_info.json names, in Parquet too",
  async () => {
    writeInput();
    for (const kind of ["sharegpt", "alpaca", "messages", "text"] as const) {
      await build(`output: {kind: ${kind}, files: jsonl}\n`, kind);
      const info = JSON.parse(folder.text(kind, "dataset_info.json"));
      const { file_name, columns, tags, formatting } = info.set;
      const rows = rowsOf(`${kind}/${file_name}`);
      expect(rows).toHaveLength(60);
      for (const row of rows) {
        for (const column of Object.values<string>(columns)) expect(row, kind).toHaveProperty(column);
        if (formatting !== "sharegpt") continue;
        const turns = row[columns.messages] as Record<string, string>[];
        const roles = turns.map((turn) => turn[tags.role_tag]);
        const spoken = roles[0] === tags.system_tag ? roles.slice(1) : roles;
        expect(spoken).toEqual([tags.user_tag, tags.assistant_tag]);
        expect(turns.every((turn) => typeof turn[tags.content_tag] === "string")).toBe(true);
      }
      expect(JSON.stringify(rows[0])).toContain("<answer>\\nf(x=1) == 4\\n</answer>");

      await build(`output: {kind: ${kind}, files: parquet}\n`, `${kind}-table`);
      const path = folder.at(`${kind}-table`, "set-train.parquet");
      const batches = await collect(parquetRows(path, { maxRowBytes: 1 << 20 }, { bytesRead: 0 }));
      expect(batches.flat().map((row) => ("text" in row ? JSON.parse(row.text) : row))).toEqual(rows);
    }
  },
);

test.skipIf(!python)("what an evaluation set holds is left out, also under other names", async () => {
  const code = `def other(y):\n    """Doc."""\n    return 2 * y`;
  const copy = {
    refcode: "def f(x):\n    return 2 * x  # mine",
    funcname: "f",
    msgidx: "copy",
    ios: [{ input: { x: 1 } }],
  };
  writeInput(copy);
  folder.writeRows([{ id: "e", code, entry: "other(1)" }], "sets/exam.jsonl");
  const manifest = await build("decontaminate:\n  against:\n    - {name: exam, inputs: [sets/exam.jsonl]}\n");
  expect(manifest.left["contaminated"]).toBe(1);
  expect(rowsOf("out/rejected.jsonl").at(-1)).toMatchObject({ id: "copy/0", row: 33, reason: "contaminated" });
});

test.skipIf(!python)("rows over maxChars are left out; a folder that is there is not overwritten", async () => {
  writeInput();
  const manifest = await build("maxChars: 10\n");
  expect(manifest.left["row-too-long"]).toBe(60);
  expect(manifest.splits).toEqual({});
  await expect(build("")).rejects.toThrow("--force");
  expect((await build("", "out", true)).splits.train?.rows).toBe(60);
  await expect(build("", "record")).resolves.toBeDefined();
  folder.write("recipe.yaml", "name: a\nlicence: b\ninputs: [in.jsonl]\nrenderer: record\n");
  const request = { recipe: folder.at("recipe.yaml"), folder: folder.at("x") };
  await expect(buildDataset(request)).rejects.toThrow("makes a record file (.tmr) and no rows");
});
