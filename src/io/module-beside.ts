import { fileURLToPath } from "node:url";

/** What a worker thread runs, and the flags it needs for that. */
export interface WorkerFile {
  filename: string;
  execArgv: string[];
}

/** The worker beside this file: compiled when this is, else from source. */
export function workerFile(): WorkerFile {
  if (!import.meta.url.endsWith(".ts")) return { filename: beside("./worker.js"), execArgv: [] };
  // `--import tsx` registers nothing in a worker thread of Node 20; its API does.
  const loader = new URL("./from-source.mjs", import.meta.url).href;
  return { filename: beside("./worker.ts"), execArgv: ["--import", loader] };
}

function beside(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
