import { EXIT } from "./exit.ts";

/** Ctrl-C, a request to end, a terminal that closes. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The first signal asks the work to stop, the second ends the process at once. */
export class Interrupt implements Disposable {
  readonly #controller: AbortController = new AbortController();
  readonly #listener: () => void;

  constructor() {
    this.#listener = (): void => {
      if (this.#controller.signal.aborted) process.exit(EXIT.interrupted);
      process.stderr.write("\ntracemill: stopping; press Ctrl-C again to end at once\n");
      this.#controller.abort(new DOMException("The run was interrupted", "AbortError"));
    };
    for (const signal of SIGNALS) process.on(signal, this.#listener);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    for (const signal of SIGNALS) process.off(signal, this.#listener);
  }
}
