import { cannotWrite } from "../../base/io/own-file.ts";
import { printable } from "../../base/log/printable.ts";
import type { ByteTarget } from "../../jobs/row-writer.ts";

/** The reader of stdout went away. */
export class OutputClosedError extends Error {
  override readonly name: string = "OutputClosedError";
}

/** Why nothing can be written any more. */
let broken: unknown = null;

/** Stdout as a target that waits for its reader, and throws OutputClosedError once there is none. */
export function stdoutTarget(): ByteTarget {
  let length = 0;
  const text = new TextDecoder();
  watch();
  return {
    get length() {
      return length;
    },
    async append(bytes) {
      length += bytes.length;
      // What a person sees is no file: programs' texts must not steer the terminal.
      await write(process.stdout.isTTY ? printable(text.decode(bytes, { stream: true })) : bytes);
    },
  };
}

export async function printOut(text: string): Promise<void> {
  watch();
  await write(process.stdout.isTTY ? printable(text) : text);
}

/** Without a listener an error would be an uncaught exception; whoever writes gets it too. */
function watch(): void {
  if (!process.stdout.listeners("error").includes(onError)) process.stdout.on("error", onError);
}

function onError(error: Error): void {
  broken ??= describe(error);
}

function describe(error: Error): unknown {
  if ((error as NodeJS.ErrnoException).code !== "EPIPE") return cannotWrite("stdout", error);
  return new OutputClosedError("stdout was closed by its reader", { cause: error });
}

function write(data: Uint8Array | string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (broken !== null) {
      reject(broken);
      return;
    }
    process.stdout.write(data, (error) => {
      if (error === null || error === undefined) resolve();
      else reject(describe(error));
    });
  });
}
