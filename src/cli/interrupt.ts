const FORCED_STATUS = 130;

/** Ctrl-C: the first asks the work to stop, the second ends the process at once. */
export class Interrupt implements Disposable {
  readonly #controller: AbortController = new AbortController();
  readonly #listener: () => void;

  constructor() {
    this.#listener = (): void => {
      if (this.#controller.signal.aborted) process.exit(FORCED_STATUS);
      process.stderr.write("\ntracemill: stopping; press Ctrl-C again to end at once\n");
      this.#controller.abort(new DOMException("The run was interrupted", "AbortError"));
    };
    process.on("SIGINT", this.#listener);
    process.on("SIGTERM", this.#listener);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    process.off("SIGINT", this.#listener);
    process.off("SIGTERM", this.#listener);
  }
}
