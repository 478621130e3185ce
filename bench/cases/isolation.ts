import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packagePath } from "../../src/base/package-root.ts";
import type { BenchCase } from "../case.ts";
import { interleaved, measurement } from "../measure.ts";
import { buildDriver, type DriverMode, must } from "../profile/driver.ts";
import { smallPrograms, toJsonl } from "../programs.ts";
import { baseline } from "../python.ts";

const TRACER = new URL("../../dist/engine/tracer.js", import.meta.url).href;

const STARTS = 200;

export const isolationCase: BenchCase = {
  name: "isolation",
  title: "what keeping small programs apart costs, per program",
  async run({ executable, short, folder }) {
    const { source, programs } = smallPrograms(short ? 200 : 800);
    const input = join(folder, "programs.jsonl");
    await writeFile(input, toJsonl(programs));
    const passes = short ? 1 : 20;
    const driver = await buildDriver(executable, programs);
    const native = async (mode: DriverMode): Promise<number> =>
      (await secondsOf(driver.passes(passes, mode))) / passes / programs.length;
    const start = async (mode: "bare" | "sandbox"): Promise<number> =>
      (await secondsOf(driver.starts(STARTS, mode))) / STARTS;
    const rate = async (isolation: "shared" | "fork"): Promise<number> => {
      const options = JSON.stringify({ python: executable, workers: 1, isolation });
      const stdout = await must(process.execPath, [
        packagePath("bench", "programs", "rate.mjs"),
        TRACER,
        input,
        options,
      ]);
      return (JSON.parse(stdout) as { seconds: number }).seconds / programs.length;
    };
    const rounds = await interleaved(
      {
        floor: async () =>
          (await baseline<{ seconds: number }>(executable, "floor.py", input)).seconds / programs.length,
        open: () => native("open"),
        tame: () => native("tame"),
        sandboxed: () => native("sandbox"),
        started: () => start("bare"),
        startedSandboxed: () => start("sandbox"),
        shared: () => rate("shared"),
        forked: () => rate("fork"),
      },
      short ? 3 : 9,
    );
    type Round = (typeof rounds)[number];
    const cost = (what: string, seconds: (round: Round) => number) => [
      measurement(
        what,
        "us",
        rounds.map((round) => 1e6 * seconds(round)),
      ),
      measurement(
        `${what} / floor`,
        "x",
        rounds.map((round) => seconds(round) / round.floor),
      ),
    ];
    return [
      ...cost(`floor, ${source}`, (round) => round.floor).slice(0, 1),
      ...cost("the rule, and what is put back, a tame program", (round) => round.tame - round.open),
      ...cost("sandbox, a program in shared", (round) => round.sandboxed - round.tame),
      ...cost("sandbox, a process, so a program in fork", (round) => round.startedSandboxed - round.started),
      ...cost("fork instead of shared, a program", (round) => round.forked - round.shared),
    ];
  },
};

async function secondsOf([file, ...args]: [file: string, ...args: string[]]): Promise<number> {
  return Number((await must(file, args)).trim().split(" ").at(-1));
}
