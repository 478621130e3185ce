import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ProgramInput } from "../../src/base/schema/program.ts";
import { run } from "../../test/helpers/run.ts";
import { seconds } from "../measure.ts";

/** As published for PyEdu: no columns, nothing else watched, as deep as there are functions. */
const HEADER = 'import snoop\nsnoop.install(columns="", color=False, replace_watch_extras=())\n';
const TIMEOUT_MS = 5_000;

/**
 * The published pipeline, one program at a time: a process of its own, the entry's function decorated with snoop, the
 * trace is what it prints on stderr. `failed` counts programs without a whole trace.
 */
export async function snoopPipeline(
  python: string,
  programs: readonly ProgramInput[],
  folder: string,
): Promise<{ seconds: number; failed: number }> {
  const files: string[] = [];
  for (const [i, program] of programs.entries()) {
    const path = join(folder, `pipeline_${i}.py`);
    await writeFile(path, decorated(program));
    files.push(path);
  }
  let failed = 0;
  const time = await seconds(async () => {
    for (const file of files) {
      const { stderr } = await run(python, [file], TIMEOUT_MS);
      if (!/<<< Return value|!!! \w+/.test(stderr)) failed++;
    }
  });
  return { seconds: time, failed };
}

function decorated({ code, entry }: ProgramInput): string {
  const name = /^\w+/.exec(entry ?? "")?.[0] ?? "";
  const depth = Math.max(1, code.match(/def \w+\(/g)?.length ?? 1);
  const definition = new RegExp(`^def ${name}\\(`, "m");
  return `${HEADER}${code.replace(definition, `@snoop(depth=${depth})\ndef ${name}(`)}\n\n${entry}\n`;
}
