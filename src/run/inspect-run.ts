import { type InspectOptions, Inspector } from "../inspect/inspect.ts";
import { PartFile, publishPart } from "../io/part-file.ts";
import { findInputs } from "../sources/inputs.ts";
import { type ReadItem, type ReadOptions, readFiles } from "../sources/read.ts";
import { refuseSpecial } from "./output-files.ts";
import type { RejectedLine } from "./program-feed.ts";
import type { ByteTarget } from "./row-output.ts";

/** Programs that are asked for at once. */
const TOGETHER = 128;

export interface InspectRequest {
  inputs: readonly string[];
  /** A path, or where bytes and rejected rows go when there is no file. */
  output: string | { target: ByteTarget; reject(line: RejectedLine): Promise<void> };
  read: ReadOptions;
  inspect: InspectOptions;
  signal?: AbortSignal;
}

export interface InspectCounts {
  programs: number;
  /** Of them, rows that say why there are no facts. */
  errors: number;
  /** Rows of the input that no program was made of. */
  rejected: number;
}

/** One row for each program, in order; null when it was interrupted, and nothing was written then. */
export async function runInspect(request: InspectRequest): Promise<InspectCounts | null> {
  const files = await findInputs(request.inputs);
  await using inspector = await Inspector.open(request.inspect);
  const counts: InspectCounts = { programs: 0, errors: 0, rejected: 0 };
  const items = readFiles(files, request.read);
  if (typeof request.output !== "string") {
    const { target, reject } = request.output;
    const ended = await inspectAll(
      items,
      inspector,
      counts,
      request.signal,
      (rows) => target.append(Buffer.from(rows)),
      reject,
    );
    return ended ? counts : null;
  }
  const path = request.output;
  const rejectedPath = `${path}.rejected.jsonl`;
  await refuseSpecial(path);
  {
    await using rows = await PartFile.create(path);
    await using rejected = await PartFile.create(rejectedPath);
    const reject = (line: RejectedLine): Promise<void> => rejected.append(`${JSON.stringify(line)}\n`);
    const append = (text: string): Promise<void> => rows.append(text);
    if (!(await inspectAll(items, inspector, counts, request.signal, append, reject))) return null;
    await rejected.seal();
    await rows.seal();
  }
  await publishPart(rejectedPath);
  await publishPart(path);
  return counts;
}

async function inspectAll(
  items: AsyncIterable<ReadItem>,
  inspector: Inspector,
  counts: InspectCounts,
  signal: AbortSignal | undefined,
  append: (rows: string) => Promise<void>,
  reject: (line: RejectedLine) => Promise<void>,
): Promise<boolean> {
  let waiting: ReadItem[] = [];
  const flush = async (): Promise<void> => {
    const programs = waiting.flatMap((item) => ("program" in item ? [item.program] : []));
    const rows = await inspector.inspect(programs);
    counts.programs += rows.length;
    counts.errors += rows.filter((row) => "error" in row).length;
    await append(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    for (const item of waiting) {
      if (!("rejected" in item)) continue;
      const { place, ...rest } = item.rejected;
      counts.rejected++;
      await reject({ ...rest, ...place });
    }
    waiting = [];
  };
  for await (const item of items) {
    waiting.push(item);
    if (waiting.length >= TOGETHER) await flush();
    if (signal?.aborted) return false;
  }
  await flush();
  return true;
}
