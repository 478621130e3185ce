import { readFile } from "node:fs/promises";
import { packagePath } from "../../base/package-root.ts";
import type { Program } from "../../base/schema/program.ts";
import { openTracer, type Tracer } from "../../engine/tracer.ts";
import type { Outcome } from "../../record/trace/value.ts";

export interface ScriptOptions {
  /** Path or name of the Python to ask. */
  python?: string | undefined;
  workers?: number | undefined;
  /** For one request, milliseconds. */
  timeoutMs?: number | undefined;
  /** Closes it, so that questions reject. */
  signal?: AbortSignal | undefined;
}

/** A request that the script could not answer. */
export interface ScriptFault {
  readonly fault: string;
}

/** Requests that one run of the script answers. */
const GROUP = 16;
const MOST_OUTPUT_BYTES = 64 << 20;
const TIMEOUT_MS = 10_000;

/**
 * A Python script of ours, run in the sandbox over data that is not ours: a JSON array of requests on stdin, one line of
 * JSON for each on stdout. What a request does to the interpreter costs no other request its answer.
 */
export class SandboxedScript implements AsyncDisposable {
  readonly #code: string;
  readonly #tracer: Tracer;

  private constructor(code: string, tracer: Tracer) {
    this.#code = code;
    this.#tracer = tracer;
  }

  /** `modules` are what the script imports. */
  static async open(file: string, modules: string[], options: ScriptOptions): Promise<SandboxedScript> {
    const code = await readFile(packagePath("src", file), "utf8");
    const { python, workers = 1, timeoutMs = TIMEOUT_MS, signal } = options;
    const tracer = await openTracer({
      ...(python === undefined ? {} : { python }),
      ...(signal === undefined ? {} : { signal }),
      workers,
      timeoutMs,
      mode: "untraced",
      preload: modules,
      maxOutputBytes: MOST_OUTPUT_BYTES,
    });
    return new SandboxedScript(code, tracer);
  }

  get python(): string {
    return this.#tracer.python.version;
  }

  /** One answer for each request, in order. */
  async ask(requests: readonly unknown[]): Promise<(unknown | ScriptFault)[]> {
    const groups = Array.from({ length: Math.ceil(requests.length / GROUP) }, (_, i) =>
      requests.slice(i * GROUP, (i + 1) * GROUP),
    );
    const answers: (unknown | ScriptFault)[] = [];
    let g = 0;
    for await (const trace of this.#tracer.run(groups.map((group, i) => this.#program(group, i)))) {
      const group = groups[g++] as unknown[];
      const lines = linesOf(trace.stdout, trace.outcome);
      if (lines.length === group.length) answers.push(...lines);
      else for (const request of group) answers.push(await this.#askAlone(request));
    }
    return answers;
  }

  async #askAlone(request: unknown): Promise<unknown | ScriptFault> {
    for await (const { stdout, outcome } of this.#tracer.run([this.#program([request], 0)])) {
      const lines = linesOf(stdout, outcome);
      if (lines.length === 1) return lines[0];
      const { exception } = outcome;
      const cause = exception === null ? (outcome.detail ?? "no answer") : `${exception.type}: ${exception.message}`;
      return { fault: `${outcome.status}: ${cause}` };
    }
    return { fault: "crash: no answer" };
  }

  #program(requests: readonly unknown[], index: number): Program {
    return { id: String(index), code: this.#code, entry: null, stdin: JSON.stringify(requests) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tracer.close();
  }
}

/** Nothing of a run that did not end well. */
function linesOf(stdout: string, { status }: Outcome): unknown[] {
  if (status !== "ok") return [];
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
}

export function isFault(answer: unknown): answer is ScriptFault {
  return typeof answer === "object" && answer !== null && "fault" in answer;
}
