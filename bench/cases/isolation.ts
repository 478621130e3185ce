import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packagePath } from "../../src/native/package-root.ts";
import { run } from "../../test/helpers/run.ts";
import type { BenchCase } from "../case.ts";
import { interleaved, measurement } from "../measure.ts";
import { buildDriver, must } from "../profile/driver.ts";
import { smallPrograms, toJsonl } from "../programs.ts";
import { baseline } from "../python.ts";

/** seccomp, Landlock, unshare: without them only rights and resource limits are left of the sandbox. */
const SANDBOX_CALLS = "317,444,272";
const TRACER = new URL("../../dist/engine/tracer.js", import.meta.url).href;

interface Rate {
  seconds: number;
  seccomp: boolean;
}

export const isolationCase: BenchCase = {
  name: "isolation",
  title: "what keeping small programs apart costs, per program",
  async run({ executable, short, folder }) {
    const { source, programs } = smallPrograms(short ? 200 : 800);
    const input = join(folder, "programs.jsonl");
    await writeFile(input, toJsonl(programs));
    const passes = short ? 1 : 5;
    const driver = await buildDriver(executable, programs);
    const native = async (guard: boolean): Promise<number> => {
      const [file, ...args] = driver.command(passes, guard);
      return Number((await must(file, args)).trim().split(" ").at(-1)) / passes;
    };
    const rate = async (isolation: "shared" | "fork", sandbox: boolean): Promise<number> => {
      const options = JSON.stringify({ python: executable, workers: 1, isolation });
      const node = [process.execPath, packagePath("bench", "programs", "rate.mjs"), TRACER, input, options];
      const launcher = ["-I", packagePath("test", "native", "without-syscalls.py"), SANDBOX_CALLS];
      const { status, stdout, stderr } = await (sandbox
        ? run(process.execPath, node.slice(1))
        : run(executable, [...launcher, ...node]));
      if (status !== 0) throw new Error(`rate.mjs ended with status ${status}: ${stderr.trim()}`);
      const { seconds, seccomp } = JSON.parse(stdout) as Rate;
      if (seccomp !== sandbox)
        throw new Error(`the sandbox ${seccomp ? "holds" : "is missing"} where it should not be so`);
      return seconds;
    };
    const rounds = await interleaved(
      {
        floor: async () => (await baseline<{ seconds: number }>(executable, "floor.py", input)).seconds,
        open: () => native(false),
        guarded: () => native(true),
        bare: () => rate("shared", false),
        sandboxed: () => rate("shared", true),
        forked: () => rate("fork", true),
        forkedBare: () => rate("fork", false),
      },
      short ? 3 : 9,
    );
    type Round = (typeof rounds)[number];
    const cost = (what: string, seconds: (round: Round) => number) => [
      measurement(
        what,
        "us",
        rounds.map((round) => (1e6 * seconds(round)) / programs.length),
      ),
      measurement(
        `${what} / floor`,
        "x",
        rounds.map((round) => seconds(round) / round.floor),
      ),
    ];
    return [
      ...cost(`state guard, ${source}`, (round) => round.guarded - round.open),
      ...cost("sandbox, shared", (round) => round.sandboxed - round.bare),
      ...cost("sandbox, fork", (round) => round.forked - round.forkedBare),
      ...cost("fork instead of shared", (round) => round.forked - round.sandboxed),
    ];
  },
};
