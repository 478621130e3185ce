import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { addonPath, corePath } from "../../src/base/addon/artefacts.ts";
import { traceOptionsSchema } from "../../src/base/schema/options.ts";
import { programSchema } from "../../src/base/schema/program.ts";
import { encodeBatch } from "../../src/engine/host/host-messages.ts";
import { findPython } from "../../src/engine/python/find-python.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { type Finished, run } from "../helpers/run.ts";

const SCENARIOS = fileURLToPath(new URL("inline-scenarios.mjs", import.meta.url));
// Far above what a scenario takes on a loaded machine; a hang is the failure it finds.
const HANG_MS = 60_000;

const CODE = {
  quick: "x = 1\nfor i in range(3):\n    x += i\nprint(x)\n",
  endless: "while True:\n    try:\n        while True: pass\n    except BaseException: pass\n",
  stuck: "sum(range(10 ** 11))\n",
};

const pythons = await builtPythons();

function batch(code: string): string {
  return Buffer.from(encodeBatch(0, [programSchema.parse({ id: "0", code })])).toString("base64");
}

describe.skipIf(pythons.length === 0)(`inline: environments that end (else: ${NOT_BUILT})`, () => {
  describe.each(pythons)("Python $version", ({ executable, minor }) => {
    let setup: string;
    beforeAll(async () => {
      const python = await findPython(executable);
      const { isolation: _isolation, preload, ...options } = traceOptionsSchema.parse({ maxRecordBytes: 1 << 24 });
      const open = { executable: python.executable, libpython: python.libpython, site: false, preload };
      const batches = Object.fromEntries(Object.entries(CODE).map(([name, code]) => [name, batch(code)]));
      setup = JSON.stringify({ addon: addonPath, open: { ...open, core: corePath(minor) }, options, batches });
    });

    async function play(scenario: string): Promise<Finished & { seen: unknown[]; ms: number }> {
      const begin = performance.now();
      const finished = await run(process.execPath, [SCENARIOS, scenario, setup], HANG_MS);
      const lines = finished.stdout.split("\n").filter((line) => line !== "");
      return { ...finished, seen: lines.map((line) => JSON.parse(line)), ms: performance.now() - begin };
    }

    it(
      "survives workers terminated in the middle of a program (rules 2, 4, 5)",
      async () => {
        expect(await play("terminate")).toMatchObject({ status: 0, seen: [{ afterwards: true }], stderr: "" });
      },
      HANG_MS,
    );

    it(
      "survives workers terminated while results are on their way (rules 1, 3)",
      async () => {
        expect(await play("race")).toMatchObject({ status: 0, seen: [{ afterwards: true }], stderr: "" });
      },
      HANG_MS,
    );

    it(
      "stays alive for pending programs and ends after them (rule 6)",
      async () => {
        expect(await play("alive")).toMatchObject({ status: 0, seen: [{ finished: true }], stderr: "" });
      },
      HANG_MS,
    );

    it.each([
      ["exit", 7],
      ["exitInC", 8],
      ["exitOverWorker", 9],
    ])(
      "exits promptly with the right status: %s (rule 7)",
      async (scenario, status) => {
        const { ms, ...finished } = await play(scenario);
        expect(finished).toMatchObject({ status, seen: [], stderr: "" });
        expect(ms).toBeLessThan(10_000);
      },
      HANG_MS,
    );

    it(
      "hands out memory that can be moved and outlives the worker (rule 8)",
      async () => {
        expect(await play("transfer")).toMatchObject({ status: 0, seen: [{ transferred: true, left: 0 }], stderr: "" });
      },
      HANG_MS,
    );
  });
});
