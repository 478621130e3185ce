import type { TraceOptions } from "../schema/options.ts";

/** What the options of one inline run are: the trace options without what is fixed when Python is opened. */
export type InlineRunOptions = Omit<TraceOptions, "isolation" | "preload" | "requireSandbox" | "scratchMb">;

/** Which Python the process opens. One per process, for its whole life: opening another one fails. */
export interface InlineOpenOptions {
  /** Absolute path of the interpreter whose installation is used; a venv's is fine. */
  executable: string;
  /** Absolute path of libpython. */
  libpython: string;
  /** Absolute path of the core built for this Python's minor version. */
  core: string;
  /** Whether third-party modules can be imported. */
  site: boolean;
  /** Modules to import once, before any program. */
  preload: readonly string[];
  /**
   * Whether Python gets its own zlib and OpenSSL instead of Node's (RTLD_DEEPBIND). Default true; address sanitizer
   * builds must switch it off.
   */
  deepbind?: boolean;
}

export interface InlineJob {
  /**
   * The payload of a `kRecords` frame (native/host/protocol.h) with every record of the batch, in order. The buffer
   * can be transferred. Rejects with a {@link NativeError}.
   */
  readonly promise: Promise<ArrayBuffer>;
  /** Stops the batch: the promise rejects with `TM_CANCELLED`. Does nothing once the batch has finished. */
  cancel(): void;
}

/** What an error thrown by the addon carries in `code`. */
export type NativeErrorCode =
  /** An argument of the wrong type or out of range; the message names it. */
  | "TM_ARGUMENT"
  /** Bytes that are not a batch of native/host/protocol.h. */
  | "TM_BAD_BATCH"
  /** The batch was cancelled, or its thread ended. */
  | "TM_CANCELLED"
  /** libpython or the core could not be opened, or Python did not start. */
  | "TM_OPEN"
  /** This process has opened another Python already. */
  | "TM_OPENED"
  /** No Python was opened yet. */
  | "TM_NOT_OPEN"
  /** Memory that the run needs could not be had, or the batch's records do not fit one buffer. */
  | "TM_MEMORY"
  /** Bytes that are not zstd, or that decompress to more than was allowed. */
  | "TM_ZSTD";

export interface NativeError extends Error {
  readonly code: NativeErrorCode;
}

/** zstd data of any length, a piece at a time. */
export interface NativeZstdStream {
  /** Between two frames, where the data may end. */
  readonly ended: boolean;
  push(bytes: Uint8Array): void;
  /**
   * Null: everything that was pushed is used up. Throws `TM_ZSTD` for damage, once everything before it was pulled; a
   * frame's checksum is compared at its end.
   */
  pull(): Uint8Array<ArrayBuffer> | null;
}

/** The whole of `build/Release/tracemill.node`. Calls throw for wrong arguments; promises reject for what fails later. */
export interface Addon {
  /** `level`: 1 (fast) to 19 (small). */
  zstdCompress(bytes: Uint8Array, level: number): Uint8Array<ArrayBuffer>;
  /** Every frame of `bytes`, skippable ones left out. Throws `TM_ZSTD` before more than `maxBytes` are produced. */
  zstdDecompress(bytes: Uint8Array, maxBytes: number): Uint8Array<ArrayBuffer>;
  readonly ZstdStream: new () => NativeZstdStream;
  /** Opens Python in this process, once; later calls with the same paths resolve with the same version. */
  inlineOpen(options: InlineOpenOptions): Promise<{ version: string }>;
  /**
   * Runs the programs of a `kBatch` payload (native/host/protocol.h) one after another, on the process's one Python
   * thread. A program's wall time is bounded by `timeoutMs`, except while it is inside C code, which cannot be stopped
   * from here.
   */
  inlineRun(batch: Uint8Array, options: InlineRunOptions): InlineJob;
}
