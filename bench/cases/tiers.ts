import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packagePath } from "../../src/base/package-root.ts";
import type { ProgramInput } from "../../src/base/schema/program.ts";
import type { BenchCase } from "../case.ts";
import { interleaved, measurement } from "../measure.ts";
import { must } from "../profile/driver.ts";
import { smallPrograms, toJsonl } from "../programs.ts";

const TRACER = new URL("../../dist/engine/tracer.js", import.meta.url).href;

/** Nothing that costs time, and a name by which a program could reach what others share. */
const NOT_TAME = "globals\n";
/** What must be put back, or costs the process. */
const HOSTILE: readonly string[] = [
  "import json\njson.dumps.__defaults__ = None\n",
  "import builtins\nbuiltins.len = lambda x: 1\n",
  "import sys\nsys.modules.clear()\n",
  "import os\nos.environ.clear()\nos.dup(1)\n",
  "import warnings\nwarnings.filters.clear()\n",
  "import threading\nthreading.main_thread().name = 'x'\n",
];
const ONE_IN = 10;

export const tiersCase: BenchCase = {
  name: "tiers",
  title: "programs a second by what is done between them",
  async run({ executable, short, folder }) {
    const { source, programs } = smallPrograms(short ? 200 : 800);
    const rate = async (name: string, isolation: "shared" | "fork", run: ProgramInput[]): Promise<number> => {
      const input = join(folder, `${name}.jsonl`);
      await writeFile(input, toJsonl(run));
      const options = JSON.stringify({ python: executable, workers: 1, isolation });
      const script = packagePath("bench", "programs", "rate.mjs");
      const stdout = await must(process.execPath, [script, TRACER, input, options]);
      return run.length / (JSON.parse(stdout) as { seconds: number }).seconds;
    };
    const others = programs.map((program) => ({ ...program, code: NOT_TAME + program.code }));
    const mixed = programs.flatMap((program, i) => {
      if (i % ONE_IN !== 0) return [program];
      const code = HOSTILE[(i / ONE_IN) % HOSTILE.length] as string;
      return [program, { id: `hostile-${i}`, code }];
    });
    const rounds = await interleaved(
      {
        tame: () => rate("tame", "shared", programs),
        restored: () => rate("restored", "shared", others),
        forked: () => rate("forked", "fork", programs),
        mixed: () => rate("mixed", "shared", mixed),
      },
      short ? 2 : 5,
    );
    type Name = keyof (typeof rounds)[number];
    const rates = (name: Name, what: string) => [
      measurement(
        what,
        "1/s",
        rounds.map((round) => round[name]),
      ),
      measurement(
        `${what} / tame`,
        "x",
        rounds.map((round) => round[name] / round.tame),
      ),
    ];
    return [
      ...rates("tame", `tame programs, ${source}`).slice(0, 1),
      ...rates("restored", "the same, none of them tame"),
      ...rates("forked", "the same, each in a fork"),
      ...rates("mixed", `with a hostile one beside every ${ONE_IN}`),
    ];
  },
};
