// kill -9 at random moments of every verb that works through rows: --resume makes what nobody disturbed.
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CliFolder } from "../cli/cli-folder.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { choices, generator } from "./seed.ts";
import { rows } from "./workload.ts";

const [python] = await builtPythons();
const ROWS = 200;
const KILLS = 3;

const RECIPE = "name: set\nlicence: mit\nrenderer: statelens\nfilters: [imports]\nsplit: {validation: 0.2, seed: 5}\n";

const VERBS: Readonly<Record<string, (output: string) => string[]>> = {
  "trace --as statelens": (output) => ["trace", "in.jsonl", "--as", "statelens", "--filter", "imports", "-o", output],
  "trace --as record": (output) => ["trace", "in.jsonl", "-o", output],
  render: (output) => ["render", "in.tmr", "--as", "events", "-o", output],
  inspect: (output) => ["inspect", "in.jsonl", "-o", output],
  dataset: (output) => ["dataset", "recipe.yaml", "--input", "in.jsonl", "-o", output],
};

const folder = new CliFolder(python?.executable);

/** The rows of an output; the files of a folder. Blocks of record files begin and end where batches do. */
function contents(name: string): unknown {
  const path = folder.at(name);
  if (statSync(path).isDirectory()) return readdirSync(path).map((file) => [file, folder.text(name, file)]);
  return [readFileSync(path, "latin1"), folder.text(`${name}.rejected.jsonl`)];
}

describe.skipIf(python !== undefined)("killed verbs", () => {
  it("need a build", (test) => test.skip(NOT_BUILT));
});

describe.runIf(python !== undefined)("killed again and again,", () => {
  it.each(Object.keys(VERBS))("%s ends with the same bytes", { timeout: 240_000 }, async (verb) => {
    const args = VERBS[verb] as (output: string) => string[];
    folder.write("in.jsonl", rows(generator("verbs"), ROWS));
    folder.write("recipe.yaml", RECIPE);
    if (verb === "render") await folder.run("trace", "in.jsonl", "-o", "in.tmr");
    const started = performance.now();
    expect((await folder.run(...args("whole"))).status).toBe(0);
    const took = performance.now() - started;
    const below = choices(verb);
    let kills = 0;
    for (;;) {
      const { child, result } = folder.start(...args("killed"), "--resume");
      // Later and later, so that it ends at last.
      const timer = setTimeout(() => child.kill("SIGKILL"), 100 + below(took) + Math.max(0, kills - KILLS) * took);
      const { signal, status, stderr } = await result;
      clearTimeout(timer);
      if (signal === null) {
        expect(status, stderr).toBe(0);
        break;
      }
      kills++;
    }
    if (verb === "trace --as record") {
      for (const name of ["whole", "killed"]) {
        expect((await folder.run("render", name, "--as", "events", "-o", `${name}.events`)).status).toBe(0);
      }
      expect(contents("killed.events")).toEqual(contents("whole.events"));
    } else {
      expect(contents("killed")).toEqual(contents("whole"));
    }
    for (const left of ["killed.work", "killed.part", "killed.journal.jsonl"])
      expect(existsSync(folder.at(left))).toBe(false);
    rmSync(folder.at("in.jsonl"));
  });
});
