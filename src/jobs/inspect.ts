import type { Manifest, RunCounts } from "../base/schema/manifest.ts";
import { type InspectOptions, Inspector, windows } from "../prepare/inspect/inspect.ts";
import type { InputFile } from "../programs/sources/file-kinds.ts";
import type { ReadProgress } from "../programs/sources/file-rows.ts";
import { findInputs } from "../programs/sources/inputs.ts";
import { type ReadOptions, readFiles } from "../programs/sources/read.ts";
import type { FieldMap } from "../programs/sources/renamed.ts";
import { type Identity, inputIdentity } from "./identity.ts";
import { type Extent, manifestInputs, readSoFar } from "./input-files.ts";
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
import { ProgramFeed } from "./program-feed.ts";
import type { ByteTarget } from "./row-writer.ts";
import { toolVersion } from "./tool-version.ts";

/** What is written, where others name a format. */
const FORMAT = "facts";

export interface InspectRequest {
  inputs: readonly string[];
  /** A path, or where bytes and rejected rows go when there is no file (nothing is resumable then). */
  output: string | StreamOutput;
  source?: string | undefined;
  /** Fields of the rows that are renamed. */
  map?: FieldMap | undefined;
  limit?: number | undefined;
  /** Go on with what an interrupted run of the same request left; start when nothing was left. */
  resume?: boolean;
  /** Replace what another run wrote, and throw away what an interrupted one left. */
  force?: boolean;
  inspect: InspectOptions;
  signal?: AbortSignal;
  /** Told, in words, what of the inputs is not read. */
  onNote?: (text: string) => void;
  onProgress?: (progress: Extent & { counts: RunCounts }) => void;
}

/** Writes one row for each program, in order; of what has no facts the row says why, and the counts `no-facts`. */
export function runInspect(request: InspectRequest): Promise<JobResult> {
  return stoppable(request.signal, () => inspect(request));
}

async function inspect(request: InspectRequest): Promise<JobResult> {
  const files = await findInputs(request.inputs, request.onNote);
  const { signal } = request;
  const inputs = files.map(({ path }) => path);
  const place = await claimPlace(request, inputs);
  await using inspector = await Inspector.open({ ...request.inspect, signal });
  const work = new Inspecting(request, files, inspector);
  const control = { signal, onProgress: (counts: RunCounts) => request.onProgress?.({ counts, ...work.progress() }) };
  // Awaited here: the inspector closes when this function returns.
  return await doJob(place, work, control);
}

class Inspecting implements Work {
  readonly identity: Identity;
  readonly #request: InspectRequest;
  readonly #files: readonly InputFile[];
  readonly #inspector: Inspector;
  readonly #reading: ReadProgress = { files: [] };

  constructor(request: InspectRequest, files: readonly InputFile[], inspector: Inspector) {
    this.#request = request;
    this.#files = files;
    this.#inspector = inspector;
    this.identity = {
      tracemill: toolVersion(),
      python: inspector.python,
      format: FORMAT,
      source: request.source ?? null,
      ...(request.map && { map: request.map }),
      limit: request.limit ?? null,
      inputs: files.map(inputIdentity),
    };
  }

  async *steps([target]: readonly ByteTarget[], start: Start): AsyncGenerator<Step, void, undefined> {
    const feed = new ProgramFeed(readFiles(this.#files, this.#readOptions()), start);
    for await (const programs of windows(feed.programs())) {
      const rows = await this.#inspector.inspect(programs);
      await target?.append(Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join("")));
      const without = rows.filter((row) => "error" in row).length;
      const { tiers } = NOTHING_READ;
      const statuses = { facts: rows.length - without, "no-facts": without };
      yield { programs: programs.length, rows: [rows.length], statuses, tiers, ...feed.settle(programs.length, []) };
    }
    yield { ...NOTHING_READ, ...feed.settle(0, []) };
  }

  progress(): Extent {
    return readSoFar(this.#files, this.#reading);
  }

  manifest({ counts, outputs, fingerprint }: JobEnd): Manifest {
    const { source = null, limit = null } = this.#request;
    return {
      manifest: 1,
      command: "inspect",
      versions: { tracemill: toolVersion(), node: process.versions.node, python: this.#inspector.python },
      format: FORMAT,
      source,
      limit,
      shard: null,
      options: {},
      render: null,
      sandbox: null,
      seeds: null,
      counts,
      inputs: manifestInputs(this.#files, this.#reading),
      outputs,
      fingerprint,
    };
  }

  #readOptions(): ReadOptions {
    const { source, map, limit, onNote } = this.#request;
    return {
      progress: this.#reading,
      ...(map === undefined ? {} : { map }),
      ...(onNote === undefined ? {} : { note: onNote }),
      ...(source === undefined ? {} : { source }),
      ...(limit === undefined ? {} : { limit }),
    };
  }
}
