import { fileURLToPath } from "node:url";

/** What a thread or a process of our own runs, and the flags it needs for that. */
export interface OwnModule {
  filename: string;
  execArgv: string[];
}

/** The module of that name beside the one that asks, by its `import.meta.url`: compiled when that is, else from source. */
export function moduleBeside(asking: string, name: string): OwnModule {
  const beside = (file: string): string => fileURLToPath(new URL(file, asking));
  if (!asking.endsWith(".ts")) return { filename: beside(`./${name}.js`), execArgv: [] };
  // `--import tsx` registers nothing in a worker thread of Node 20; its API does.
  const loader = new URL("./from-source.mjs", import.meta.url).href;
  return { filename: beside(`./${name}.ts`), execArgv: ["--import", loader] };
}
