import { UsageError } from "../../base/errors.ts";
import { CorruptFileError } from "../../base/io/corrupt-file.ts";
import type { InputFile } from "../../programs/sources/file-kinds.ts";
import { type ReadProgress, rowBatches } from "../../programs/sources/file-rows.ts";
import { findInputs } from "../../programs/sources/inputs.ts";
import { repliesOf } from "../../views/rewards/replies.ts";
import type { Benchmark, Task } from "./benchmark.ts";

/** What stands in a row of predictions, where it was made from a whole reply. */
const TAKEN_OUT = "solutions";

/** Throws UsageError where the name is not that of one file. */
export async function oneFile(path: string): Promise<InputFile> {
  const [file, ...others] = await findInputs([path]);
  if (file !== undefined && others.length === 0) return file;
  throw new UsageError("bad-input", `${path} is not one file of rows; name one.`);
}

/** The tasks in their order. Throws UsageError that names the row for one that is no task, and for an id given twice. */
export async function readTasks(file: InputFile, benchmark: Benchmark, progress: ReadProgress): Promise<Task[]> {
  const tasks: Task[] = [];
  const ids = new Set<string>();
  for await (const { row, where } of objectsOf(file, progress)) {
    const task = benchmark.taskOf(row);
    if (typeof task === "string") throw badRow(where, `no row of ${benchmark.name}: ${task}`);
    if (ids.has(task.id)) throw badRow(where, `of the id ${JSON.stringify(task.id)}, as an earlier row`);
    ids.add(task.id);
    tasks.push(task);
  }
  if (tasks.length === 0) throw new UsageError("bad-input", `${file.path} has no rows.`);
  return tasks;
}

/** Predictions by task; those of several rows for one task come after each other. Throws UsageError as above. */
export async function readPredictions(file: InputFile, progress: ReadProgress): Promise<Map<string, unknown[]>> {
  const predictions = new Map<string, unknown[]>();
  for await (const { row, where } of objectsOf(file, progress)) {
    // What was taken out of a reply goes before the reply: it is what the published scorers see.
    const { [TAKEN_OUT]: solutions, ...others } = row;
    const found = repliesOf(solutions === undefined ? row : { ...idOf(others), replies: solutions });
    if (typeof found === "string") throw badRow(where, `no row of predictions: ${found}`);
    predictions.set(found.id, [...(predictions.get(found.id) ?? []), ...found.replies]);
  }
  return predictions;
}

function idOf({ id, task_id }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { id: id ?? task_id };
}

interface FoundRow {
  readonly row: Readonly<Record<string, unknown>>;
  readonly where: string;
}

async function* objectsOf(file: InputFile, progress: ReadProgress): AsyncGenerator<FoundRow, void, undefined> {
  try {
    for await (const rows of rowBatches(file, { progress })) {
      for (const found of rows) {
        const where = `${file.path}, row ${found.row}`;
        const row: unknown = "text" in found ? JSON.parse(found.text) : null;
        if (typeof row !== "object" || row === null || Array.isArray(row)) throw badRow(where, "no object");
        yield { row: row as FoundRow["row"], where };
      }
    }
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof CorruptFileError)) throw error;
    throw new UsageError("bad-input", `${file.path} cannot be read: ${error.message}`, { cause: error });
  }
}

function badRow(where: string, what: string): UsageError {
  return new UsageError("bad-input", `${where} is ${what}.`);
}
