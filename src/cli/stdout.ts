import type { ByteTarget } from "../run/row-output.ts";

/** The reader of stdout went away. */
export class OutputClosedError extends Error {
  override readonly name: string = "OutputClosedError";
}

let closed: OutputClosedError | null = null;

/** Stdout as a target that waits for its reader, and throws OutputClosedError once there is none. */
export function stdoutTarget(): ByteTarget {
  let length = 0;
  watch();
  return {
    get length() {
      return length;
    },
    async append(bytes) {
      length += bytes.length;
      await write(bytes);
    },
  };
}

export async function printOut(text: string): Promise<void> {
  watch();
  await write(text);
}

/** Without a listener a closed pipe would be an uncaught exception. */
function watch(): void {
  if (process.stdout.listeners("error").includes(onError)) return;
  process.stdout.on("error", onError);
}

function onError(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  closed ??= new OutputClosedError("stdout was closed by its reader", { cause: error });
}

function write(data: Uint8Array | string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (closed !== null) {
      reject(closed);
      return;
    }
    process.stdout.write(data, (error) => {
      if (error === null || error === undefined) resolve();
      else if ((error as NodeJS.ErrnoException).code === "EPIPE")
        reject(new OutputClosedError("closed", { cause: error }));
      else reject(error);
    });
  });
}
