import { stat } from "node:fs/promises";
import { zstdCodec } from "../base/addon/codec.ts";
import { UsageError } from "../base/errors.ts";
import { ByteFile } from "../base/io/byte-file.ts";
import { hashFile } from "../base/io/hash.ts";
import type { Manifest, RunCounts } from "../base/schema/manifest.ts";
import { AS_PUBLISHED, type RenderSettings } from "../base/schema/render-settings.ts";
import { BatchRendering } from "../engine/pool/rendering.ts";
import { RecordFileReader, type RecordRow } from "../record/store/container.ts";
import { Trace } from "../record/trace/trace.ts";
import { findFormat } from "../views/formats/registry.ts";
import type { Format } from "../views/formats/renderer.ts";
import { type OpenSettings, openSettings } from "../views/formats/settings.ts";
import { type Identity, inputIdentity } from "./identity.ts";
import {
  claimPlace,
  doJob,
  type JobEnd,
  type JobResult,
  NOTHING_READ,
  type Start,
  type Step,
  type StreamOutput,
  stoppable,
  type Work,
} from "./job.ts";
import { type ByteTarget, rowWriter } from "./row-writer.ts";
import { tokenizerFiles } from "./tokenizer-files.ts";
import { toolVersion } from "./tool-version.ts";

const BATCH_ROWS = 64;
const BATCH_BYTES = 8 << 20;

export interface RenderRequest {
  /** A record file. */
  records: string;
  /** A path, or where bytes and rejected rows go when there is no file (nothing is resumable then). */
  output: string | StreamOutput;
  format: string;
  render?: Partial<RenderSettings>;
  /** Go on with what an interrupted run of the same request left; start when nothing was left. */
  resume?: boolean;
  /** Replace what another run wrote, and throw away what an interrupted one left. */
  force?: boolean;
  signal?: AbortSignal;
  onProgress?: (progress: { counts: RunCounts; totalRows: number | null }) => void;
}

/** Renders stored records without running anything; the rows equal those that tracing with the same format writes. */
export function runRender(request: RenderRequest): Promise<JobResult> {
  return stoppable(request.signal, () => render(request));
}

async function render(request: RenderRequest): Promise<JobResult> {
  const { records, signal } = request;
  const format = findFormat(request.format);
  const chosen = { ...AS_PUBLISHED, ...request.render };
  const settings = await openSettings(request.format, chosen);
  await using bytes = await openRecords(records);
  const reader = await RecordFileReader.open(bytes, zstdCodec());
  const inputs = [records, ...tokenizerFiles(chosen)];
  const place = await claimPlace(request, inputs);
  const { mtimeMs } = await stat(records);
  const identity: Identity = {
    tracemill: toolVersion(),
    format: format.name,
    render: chosen,
    inputs: [inputIdentity({ path: records, bytes: bytes.byteLength, modified: mtimeMs })],
  };
  const work = new Rendering({ format, render: chosen, settings, reader, records, identity });
  const control = {
    signal,
    onProgress: (counts: RunCounts) => request.onProgress?.({ counts, totalRows: reader.rowCount }),
  };
  // Awaited here: the file closes when this function returns.
  return await doJob(place, work, control);
}

export async function openRecords(path: string): Promise<ByteFile> {
  try {
    return await ByteFile.open(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "EACCES" && code !== "EISDIR") throw cause;
    throw new UsageError("bad-input", `The record file ${path} cannot be read (${code}). Check its path.`, { cause });
  }
}

interface RenderingParts {
  readonly format: Format;
  readonly render: RenderSettings;
  readonly settings: OpenSettings;
  readonly reader: RecordFileReader;
  readonly records: string;
  readonly identity: Identity;
}

class Rendering implements Work {
  readonly identity: Identity;
  readonly #parts: RenderingParts;

  constructor(parts: RenderingParts) {
    this.#parts = parts;
    this.identity = parts.identity;
  }

  async *steps([target]: readonly ByteTarget[], start: Start): AsyncGenerator<Step, void, undefined> {
    const { format, settings, reader } = this.#parts;
    const { tracemill, python, options } = reader.header;
    const header = { tracemill, python, options };
    const writer = rowWriter(format.extension, target as ByteTarget, header, start.blocks[0] ?? []);
    await writer.begin();
    yield NOTHING_READ;
    for await (const batch of batchesOf(reader.rows(start.programs))) {
      const programs = batch.map((row) => row.program);
      const { pythonMinor } = new Trace((batch[0] as RecordRow).record);
      const rendering = new BatchRendering(programs, format.name, pythonMinor, settings);
      for (const row of batch) rendering.add(row.record);
      const { output, rows, rejected, statuses, tiers } = rendering.finish();
      await writer.append(output, rows);
      const lines = rejected.map(({ id, reason, message }) => ({ id, reason, message }));
      yield { programs: batch.length, rows: [rows], statuses, tiers, rejected: lines, sourceRejected: 0 };
    }
    await writer.finish();
  }

  async manifest({ counts, outputs, fingerprint }: JobEnd): Promise<Manifest> {
    const { format, render, reader, records } = this.#parts;
    const { options } = reader.header;
    const known = isObject(options) ? options : {};
    return {
      manifest: 1,
      command: "render",
      versions: { tracemill: toolVersion(), node: process.versions.node, python: null },
      format: format.name,
      source: null,
      limit: null,
      shard: null,
      options: known,
      render,
      sandbox: null,
      seeds: { random: typeof known["seed"] === "number" ? known["seed"] : 0, hash: 0 },
      counts,
      inputs: [{ path: records, ...(await hashFile(records)) }],
      outputs,
      fingerprint,
    };
  }
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
