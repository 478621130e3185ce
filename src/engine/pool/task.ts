import type { ErrorCode } from "../../base/errors.ts";
import type { TraceOptions } from "../../base/schema/options.ts";
import type { Program } from "../../base/schema/program.ts";
import type { RenderSettings } from "../../base/schema/render-settings.ts";
import type { Sandbox } from "../../base/schema/sandbox.ts";
import type { TierCounts } from "../../base/schema/tiers.ts";
import type { Status } from "../../record/trace/value.ts";
import type { HostFiles } from "../host/host-messages.ts";

/** What a worker thread is given at its start. */
export interface WorkerSetup {
  options: TraceOptions;
  files: HostFiles;
  pythonMinor: number;
  /** Whether third-party modules can be imported. */
  site: boolean;
  /** Name of the BroadcastChannel between the pool and its workers. */
  channel: string;
}

/** What a worker thread is asked to do: to run programs, or to tell what keeps them in. */
export type WorkerTask = RunTask | { kind: "sandbox" };

export interface RunTask {
  kind: "run";
  /** Where the output may go; it is the task's from now on. Null: in new memory. */
  memory: ArrayBuffer | null;
  /** Which call of the tracer it belongs to: what is aborted together. */
  run: number;
  programs: readonly Program[];
  /** A format's name; null: the records themselves. */
  format: string | null;
  settings: RenderSettings;
  /** Names of filters; what they leave out is not rendered. */
  filters: readonly string[];
}

/** The records, one after another; record i ends at `ends[i]`. */
export interface RecordsResult {
  kind: "records";
  records: Uint8Array<ArrayBuffer>;
  ends: Float64Array;
  tiers: TierCounts;
}

/** A row that the format could not show. */
export interface Rejection {
  /** In the task. */
  index: number;
  /** The program's. */
  id: string;
  /** Machine-readable. */
  reason: string;
  message: string;
}

export interface RenderedResult {
  kind: "rendered";
  /** JSON lines; for the format `record`, a block of a record file, empty without rows. */
  output: Uint8Array<ArrayBuffer>;
  rows: number;
  rejected: Rejection[];
  statuses: Record<Status, number>;
  tiers: TierCounts;
}

export interface SandboxResult {
  kind: "sandbox";
  /** Null: nothing keeps programs in. */
  sandbox: Sandbox | null;
}

/** Aborted: at the wish of the pool's owner, so it says no more. */
export type WorkerAnswer =
  | RecordsResult
  | RenderedResult
  | SandboxResult
  | { kind: "failed"; code: ErrorCode; message: string }
  | { kind: "aborted" };

/** On the channel, to every worker. */
export type ToWorkers = { kind: "abort" | "forget"; run: number } | { kind: "close" };
export type FromWorker = { kind: "opened"; thread: number } | { kind: "closed"; thread: number };
