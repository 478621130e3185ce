import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { packagePath } from "../../src/base/package-root.ts";
import type { BenchCase } from "../case.ts";
import { mustFinish, warmTracer } from "../engine.ts";
import { interleaved, measurement, seconds } from "../measure.ts";
import { smallPrograms, toJsonl } from "../programs.ts";

export const twoWorkers: BenchCase = {
  name: "two-workers",
  title: "one tracer with two workers beside two independent processes with one worker each",
  async run({ python, short, folder }) {
    const { source, programs } = smallPrograms(800);
    const copies = short ? 1 : 5;
    const all = Array.from({ length: copies }, (_, copy) =>
      programs.map((p) => ({ ...p, id: `${copy}/${p.id}` })),
    ).flat();
    const halves = [all.slice(0, all.length / 2), all.slice(all.length / 2)];
    const processes: Independent[] = [];
    try {
      for (const [index, half] of halves.entries()) {
        const input = join(folder, `half-${index}.jsonl`);
        await writeFile(input, toJsonl(half));
        processes.push(await startIndependent(input, python));
      }
      await using tracer = await warmTracer({ workers: 2, ...(python && { python }) });
      const rounds = await interleaved(
        {
          workers: () => seconds(() => mustFinish(tracer, all)),
          processes: () => seconds(() => Promise.all(processes.map((process) => process.run()))),
        },
        short ? 3 : 9,
      );
      const ratios = rounds.map((r) => r.processes / r.workers);
      return [
        measurement(`throughput of two workers / of two processes, ${source}`, "x", ratios, {
          budget: 0.95,
          atLeast: true,
        }),
        measurement(
          "two workers",
          "programs/s",
          rounds.map((r) => all.length / r.workers),
        ),
        measurement(
          "two processes",
          "programs/s",
          rounds.map((r) => all.length / r.processes),
        ),
      ];
    } finally {
      for (const { child } of processes) child.kill();
    }
  },
};

interface Independent {
  child: ChildProcess;
  run(): Promise<void>;
}

async function startIndependent(input: string, python: string | undefined): Promise<Independent> {
  const script = packagePath("bench", "one-worker.ts");
  const child = spawn(process.execPath, [...process.execArgv, script, input, ...(python ? [python] : [])], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, "exit").then(() => Promise.reject(new Error("the independent process ended")));
  ended.catch(() => {});
  const said = async (): Promise<void> => void (await Promise.race([once(lines, "line"), ended]));
  await said();
  return {
    child,
    run: async () => {
      child.stdin.write("go\n");
      await said();
    },
  };
}
