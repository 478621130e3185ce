// Rows of programs that run in order in one process: what a later one sees of an earlier one is contamination. They come
// from our own files (contamination/*.py, README.md) or from JSON lines {id, programs: [{id, code, witness, stdin?, entry?}]}.
import { readdirSync, readFileSync } from "node:fs";
import { z } from "zod";
import { packagePath } from "../../src/base/package-root.ts";
import { minorsOf } from "./hostile-program.ts";

export interface RowProgram {
  id: string;
  code: string;
  entry?: string | undefined;
  stdin?: string | undefined;
  /** It shows what earlier programs left. */
  witness: boolean;
}

export interface ContaminationRow {
  id: string;
  programs: RowProgram[];
  /** Modules that every process of the row has loaded. */
  preload: string[];
  /** Minor versions of Python; all, if empty. */
  minors: readonly number[];
}

const FOLDER = packagePath("test", "hostile", "contamination");
const MARK = /^#: (\w+)(?: (.*))?$/;

const jsonRow = z.object({
  id: z.string(),
  preload: z.array(z.string()).default([]),
  programs: z
    .array(
      z.object({
        id: z.string(),
        code: z.string(),
        entry: z.string().optional(),
        stdin: z.string().optional(),
        witness: z.boolean().optional(),
      }),
    )
    .min(1),
});

/** All files of the folder, or the one that is named. */
export function ownRows(only = ""): ContaminationRow[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(`${only}.py`));
  const rows = names.toSorted().flatMap((name) => parseRows(name, readFileSync(`${FOLDER}/${name}`, "utf8")));
  const ids = new Set(rows.map(({ id }) => id));
  if (ids.size < rows.length) throw new Error("two rows of contamination have the same id");
  return rows;
}

/** A file of either kind. */
export function readRows(path: string): ContaminationRow[] {
  const text = readFileSync(path, "utf8");
  if (path.endsWith(".py")) return parseRows(path, text);
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const { id, preload, programs } = jsonRow.parse(JSON.parse(line));
    // Where no program is marked, each of them is one that others must not have touched.
    const marked = programs.some(({ witness }) => witness === true);
    return {
      id,
      preload,
      minors: [],
      programs: programs.map((program) => ({ ...program, witness: marked ? program.witness === true : true })),
    };
  });
}

/** Throws for a line that it does not understand. */
export function parseRows(name: string, text: string): ContaminationRow[] {
  const rows: ContaminationRow[] = [];
  let program: RowProgram | undefined;
  for (const line of text.split("\n")) {
    const [mark, key, value = ""] = MARK.exec(line) ?? [];
    const row = rows.at(-1);
    if (key === "id") {
      program = { id: "hostile", code: "", witness: false };
      rows.push({ id: value, programs: [program], preload: [], minors: [] });
    } else if (mark === undefined) {
      if (program !== undefined) program.code += `${line}\n`;
    } else if (row === undefined || program === undefined) {
      throw new Error(`${name}: "${line}" stands before the first row`);
    } else if (key === "preload") row.preload.push(...value.split(" "));
    else if (key === "on") row.minors = minorsOf(value);
    else if (key === "stdin") program.stdin = JSON.parse(value) as string;
    else if (key === "entry") program.entry = value;
    else if (key === "program" || key === "witness") {
      program = { id: `${key} ${row.programs.length}`, code: "", witness: key === "witness" };
      row.programs.push(program);
    } else throw new Error(`${name}: "${row.id}" says "${key}", which means nothing`);
  }
  for (const { id, programs } of rows) {
    if (!programs.some(({ witness }) => witness)) throw new Error(`${name}: "${id}" has no witness`);
    for (const each of programs) each.code = `${each.code.trim()}\n`;
  }
  return rows;
}
