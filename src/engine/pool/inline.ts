import type { Addon, InlineRunOptions } from "../../base/addon/contract.ts";
import { EngineError } from "../../base/errors.ts";
import type { TraceOptions } from "../../base/schema/options.ts";
import type { Program } from "../../base/schema/program.ts";
import { decodeRecords, encodeBatch, type HostFiles } from "../host/host-messages.ts";
import type { ProgramRunner, RecordSink } from "../host/runner.ts";

/** Runs programs inside this Node process, through the addon: for code that is trusted. */
export class InlineRunner implements ProgramRunner {
  readonly sandbox: Promise<null> = Promise.resolve(null);
  readonly #addon: Addon;
  readonly #options: InlineRunOptions;
  readonly #opened: Promise<unknown>;
  readonly #cancels: Set<() => void> = new Set();
  #sequence = 0;
  #disposed = false;

  constructor(addon: Addon, options: TraceOptions, files: HostFiles, site: boolean) {
    const { isolation: _isolation, preload, requireSandbox: _required, scratchMb: _scratchMb, ...rest } = options;
    this.#addon = addon;
    this.#options = rest;
    const { executable, libpython, core } = files;
    this.#opened = addon.inlineOpen({ executable, libpython, core, site, preload });
    // Whoever runs a batch hears of the failure; a runner that is never used has nobody to tell.
    this.#opened.catch(() => {});
  }

  async run(programs: readonly Program[], sink: RecordSink, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await this.#opened;
    signal?.throwIfAborted();
    if (this.#disposed) throw new EngineError("closed", "the tracer was closed");
    const job = this.#addon.inlineRun(encodeBatch(this.#sequence++, programs), this.#options);
    const cancel = (): void => job.cancel();
    signal?.addEventListener("abort", cancel);
    this.#cancels.add(cancel);
    try {
      const { records } = decodeRecords(new Uint8Array(await job.promise));
      if (records.length !== programs.length) {
        throw new EngineError(
          "protocol",
          `the addon returned ${records.length} records for ${programs.length} programs`,
        );
      }
      for (const record of records) sink.add(record, null);
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    } finally {
      signal?.removeEventListener("abort", cancel);
      this.#cancels.delete(cancel);
    }
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    for (const cancel of this.#cancels) cancel();
    await this.#opened.catch(() => {});
  }
}
