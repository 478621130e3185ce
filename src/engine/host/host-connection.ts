import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import type { TraceOptions } from "../../base/schema/options.ts";
import { FRAME, type Frame, FrameParser, frameHeader } from "./frames.ts";
import { decodeFailed, decodeReady, encodeConfiguration, type HostFiles, type ReadyPayload } from "./host-messages.ts";

const MOST_STDERR_CHARS = 4096;
const GRACE_MS = 1_000;

export interface ConnectionEvents {
  onReady(ready: ReadyPayload): void;
  onRecords(payload: Uint8Array): void;
  /** Once, last. `failure` is what the process said about why it cannot start. */
  onEnd(end: ConnectionEnd): void;
}

export interface ConnectionEnd {
  ready: boolean;
  failure: string | null;
  /** One line: exit status or signal, and what the process wrote to stderr. */
  description: string;
}

/** One life of one tracer process. */
export class HostConnection {
  readonly #child: ChildProcess;
  readonly #socket: Duplex | null;
  readonly #events: ConnectionEvents;
  readonly #parser: FrameParser;
  readonly #ended: Promise<void>;
  #ready = false;
  #failure: string | null = null;
  #stderr = "";
  #broken: string | null = null;

  constructor(options: TraceOptions, files: HostFiles, events: ConnectionEvents) {
    this.#events = events;
    this.#parser = new FrameParser(options.maxRecordBytes);
    const loaderPath = process.env["LD_LIBRARY_PATH"];
    this.#child = spawn(files.host, [String(process.pid)], {
      stdio: ["ignore", "ignore", "pipe", "pipe"],
      cwd: "/",
      env: loaderPath === undefined ? {} : { LD_LIBRARY_PATH: loaderPath },
    });
    this.#socket = (this.#child.stdio[3] as Duplex | undefined) ?? null;
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-MOST_STDERR_CHARS);
    });
    // Writing to a process that just ended: its end is reported by itself.
    this.#socket?.on("error", () => {});
    this.#socket?.on("data", (chunk: Buffer) => this.#receive(chunk));
    this.#ended = this.#watchEnd();
    this.send(FRAME.configure, encodeConfiguration(options, files));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(type: number, payload: Uint8Array): void {
    if (this.#socket === null || !this.#socket.writable) return;
    this.#socket.write(frameHeader(type, payload.length));
    this.#socket.write(payload);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Closes the socket, at which the process ends its executor and itself; kills it when that takes too long. */
  async close(): Promise<void> {
    this.#socket?.destroy();
    const timer = setTimeout(() => this.kill(), GRACE_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  #watchEnd(): Promise<void> {
    return new Promise((resolve) => {
      const end = (how: string): void => {
        const words = [this.#broken, how, this.#stderr.trim()].filter((word) => word);
        resolve();
        this.#events.onEnd({ ready: this.#ready, failure: this.#failure, description: words.join("; ") });
      };
      this.#child.once("error", (error) => {
        if (this.#child.pid === undefined) end(error.message);
      });
      // Not "exit": what the process sent before it ended may still be on its way.
      this.#child.once("close", (code, signal) => {
        if (this.#child.pid !== undefined) end(signal === null ? `exited with status ${code}` : `killed by ${signal}`);
      });
    });
  }

  #receive(chunk: Buffer): void {
    if (this.#broken !== null) return;
    try {
      for (const frame of this.#parser.push(chunk)) this.#handle(frame);
    } catch (error) {
      this.#broken = error instanceof Error ? error.message : String(error);
      this.kill();
    }
  }

  #handle({ type, payload }: Frame): void {
    if (type === FRAME.failed) {
      this.#failure = decodeFailed(payload);
    } else if (type === FRAME.ready) {
      const ready = decodeReady(payload);
      this.#ready = true;
      this.#events.onReady(ready);
    } else {
      this.#events.onRecords(payload);
    }
  }
}
