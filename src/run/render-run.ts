import { BatchRendering } from "../engine/rendering.ts";
import { UsageError } from "../errors.ts";
import { type FileHash, hashFile, hashText } from "../io/hash.ts";
import { PartFile } from "../io/part-file.ts";
import { zstdCodec } from "../native/codec.ts";
import { RecordFileReader, type RecordRow } from "../record/container.ts";
import { Trace } from "../record/trace.ts";
import { findRenderer } from "../render/registry.ts";
import { type OpenSettings, openSettings } from "../render/settings.ts";
import type { Manifest, RunCounts } from "../schema/manifest.ts";
import { AS_PUBLISHED, type RenderSettings } from "../schema/render-settings.ts";
import { addBatch, noCounts } from "./counts.ts";
import { discard, outputPaths, publish, refuseSpecial } from "./output-files.ts";
import { type ByteTarget, lineOutput, RecordOutput, type RowOutput } from "./row-output.ts";
import { toolVersion } from "./tool-version.ts";

const BATCH_ROWS = 64;
const BATCH_BYTES = 8 << 20;

export interface RenderRequest {
  /** A record file. */
  records: string;
  output: string | RenderStream;
  format: string;
  render?: Partial<RenderSettings>;
  signal?: AbortSignal;
  onProgress?: (progress: { counts: RunCounts; totalRows: number | null }) => void;
}

/** A row that a format could not show. */
export interface RejectedRecord {
  id: string;
  reason: string;
  message: string;
}

export interface RenderStream {
  target: ByteTarget;
  reject(line: RejectedRecord): Promise<void>;
}

export interface RenderOutcome {
  state: "finished" | "interrupted";
  counts: RunCounts;
  manifest: Manifest | null;
}

/** Renders stored records without running anything; the rows equal those that tracing with the same format writes. */
export async function runRender(request: RenderRequest): Promise<RenderOutcome> {
  const settings = await openSettings(request.format, { ...AS_PUBLISHED, ...request.render });
  await using reader = await openRecords(request.records);
  const counts = noCounts();
  if (typeof request.output !== "string") {
    const ended = await renderAll(request, reader, request.output, counts, settings);
    return { state: ended ? "finished" : "interrupted", counts, manifest: null };
  }
  if (request.output === request.records) {
    throw new UsageError("bad-output", `${request.output} is the input too; name another output with -o.`);
  }
  const paths = outputPaths(request.output);
  await refuseSpecial(paths.output);
  let written: { output: FileHash; rejected: FileHash } | null = null;
  try {
    await using output = await PartFile.create(paths.output);
    await using rejected = await PartFile.create(paths.rejected);
    const reject = (line: RejectedRecord): Promise<void> => rejected.append(`${JSON.stringify(line)}\n`);
    const ended = await renderAll(request, reader, { target: output, reject }, counts, settings);
    if (ended) written = { rejected: await rejected.seal(), output: await output.seal() };
  } finally {
    // Rendering again is cheap, so nothing half done is kept.
    if (written === null) await discard(paths).catch(() => {});
  }
  if (written === null) return { state: "interrupted", counts, manifest: null };
  const manifest = await describe(request, request.output, reader.header, counts, written);
  await publish(paths, manifest);
  return { state: "finished", counts, manifest };
}

export async function openRecords(path: string): Promise<RecordFileReader> {
  try {
    return await RecordFileReader.open(path, zstdCodec());
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "EACCES" && code !== "EISDIR") throw cause;
    throw new UsageError("bad-input", `The record file ${path} cannot be read (${code}). Check its path.`, { cause });
  }
}

async function renderAll(
  request: RenderRequest,
  reader: RecordFileReader,
  { target, reject }: RenderStream,
  counts: RunCounts,
  settings: OpenSettings,
): Promise<boolean> {
  const output = rowOutput(request.format, target, reader.header);
  await output.begin();
  for await (const batch of batchesOf(reader.rows())) {
    if (request.signal?.aborted) return false;
    const programs = batch.map((row) => row.program);
    const { pythonMinor } = new Trace((batch[0] as RecordRow).record);
    const rendering = new BatchRendering(programs, request.format, pythonMinor, settings);
    for (const row of batch) rendering.add(row.record);
    const rendered = rendering.finish();
    await output.append(rendered.output, rendered.rows);
    for (const { id, reason, message } of rendered.rejected) await reject({ id, reason, message });
    const reasons = rendered.rejected.map((rejection) => rejection.reason);
    const { rows, statuses, tiers } = rendered;
    addBatch(counts, { programs: batch.length, rendered: rows, reasons, statuses, tiers });
    request.onProgress?.({ counts, totalRows: reader.rowCount });
  }
  await output.finish();
  return true;
}

async function* batchesOf(rows: AsyncIterable<RecordRow>): AsyncGenerator<RecordRow[]> {
  let batch: RecordRow[] = [];
  let bytes = 0;
  for await (const row of rows) {
    batch.push(row);
    bytes += row.record.length;
    if (batch.length < BATCH_ROWS && bytes < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

function rowOutput(format: string, target: ByteTarget, header: Record<string, unknown>): RowOutput {
  if (findRenderer(format).extension === ".jsonl") return lineOutput(target);
  const { tracemill, python, options } = header;
  return new RecordOutput(target, { tracemill, python, options });
}

async function describe(
  request: RenderRequest,
  output: string,
  header: Record<string, unknown>,
  counts: RunCounts,
  written: { output: FileHash; rejected: FileHash },
): Promise<Manifest> {
  const paths = outputPaths(output);
  const input = await hashFile(request.records);
  const options = isObject(header["options"]) ? header["options"] : {};
  const render = { ...AS_PUBLISHED, ...request.render };
  const versions = { tracemill: toolVersion(), node: process.versions.node, python: null };
  return {
    manifest: 1,
    command: "render",
    versions,
    format: request.format,
    source: null,
    limit: null,
    shard: null,
    options,
    render,
    sandbox: null,
    seeds: { random: typeof options["seed"] === "number" ? options["seed"] : 0, hash: 0 },
    counts,
    inputs: [{ path: request.records, ...input }],
    outputs: [
      { path: paths.output, ...written.output },
      { path: paths.rejected, ...written.rejected },
    ],
    fingerprint: hashText(JSON.stringify([versions.tracemill, request.format, render, input.sha256])),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
