import { type Options, SingleBar } from "cli-progress";
import { printable } from "./printable.ts";

const INTERVAL_MS = 2_000;

/** Where the work stands: how much of all there is (null: unknown), and what else to show, by name. */
export interface ProgressState {
  done: number;
  total: number | null;
  values: Readonly<Record<string, number>>;
}

export interface Progress {
  update(state: ProgressState): void;
  /** Shows a line that stays. */
  note(line: string): void;
  /** Shows the last state once more and ends. */
  stop(): void;
}

/** A bar when the stream is a terminal, else a line of JSON every two seconds. */
export function startProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? bar(stream) : lines(stream);
}

function bar(stream: NodeJS.WriteStream): Progress {
  const options: Options = {
    stream,
    format: "{bar} {percentage}% | {text}",
    hideCursor: true,
    clearOnComplete: false,
    // The caller decides what Ctrl-C does.
    gracefulExit: false,
  };
  const shown = new SingleBar(options);
  shown.start(1, 0, { text: "starting" });
  return {
    update({ done, total, values }) {
      shown.setTotal(total ?? Math.max(1, done));
      shown.update(done, {
        text: Object.entries(values)
          .map(([name, value]) => `${value} ${name}`)
          .join(", "),
      });
    },
    note(line) {
      // Over the bar, which the next update draws below.
      stream.cursorTo(0);
      stream.clearLine(0);
      stream.write(`${printable(line)}\n`);
    },
    stop: () => shown.stop(),
  };
}

function lines(stream: NodeJS.WriteStream): Progress {
  const started = performance.now();
  let state: ProgressState | null = null;
  const print = (): void => {
    if (state === null) return;
    const { done, total, values } = state;
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    stream.write(`${JSON.stringify({ progress: { seconds, done, total, ...values } })}\n`);
  };
  const timer = setInterval(print, INTERVAL_MS);
  timer.unref();
  return {
    update(latest) {
      state = latest;
    },
    note: (line) => void stream.write(`${printable(line)}\n`),
    stop() {
      clearInterval(timer);
      print();
    },
  };
}
