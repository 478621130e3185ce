// What a program can see of itself is what `python program.py` shows it: every program of script.jsonl once in plain
// CPython, in a folder of its own and in a fresh process, and once recorded, in every isolation of a tracer process.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import { openTracer } from "../../src/engine/tracer.ts";
import type { Trace } from "../../src/record/trace/trace.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { collect } from "../helpers/collect.ts";
import { TestFolder } from "../helpers/test-folder.ts";

interface Row {
  id: string;
  code: string;
  argv?: string[];
  /** Of the file that plain CPython runs. */
  encoding?: "latin-1" | "cp1252";
  /** Writes files. */
  scratch?: boolean;
  /** Does what is refused to recorded programs. */
  denied?: boolean;
  /** Only so far the same: plain CPython's process goes on for a moment. */
  leaves?: boolean;
}

interface End {
  success: boolean;
  stdout: string;
  stderr: string;
}

const ROWS: Row[] = readFileSync(packagePath("test", "programs", "script.jsonl"), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));
const MOUNTED = "/program";
const TIMEOUT_MS = 20_000;
const EURO = { "latin-1": 0x20ac, cp1252: 0x80 } as const;

const pythons = await builtPythons();

function bytesOf({ code, encoding }: Row): Buffer {
  if (encoding === undefined) return Buffer.from(code);
  return Buffer.from([...code].map((char) => (char === "€" ? EURO[encoding] : (char.codePointAt(0) as number))));
}

/** What differs from run to run: addresses, seconds, where the folder is, names of temporary files. */
function lasting(text: string, folder = MOUNTED): string {
  return text
    .replaceAll(folder, MOUNTED)
    .replaceAll(/0x[0-9a-f]{6,}/g, "0x")
    .replaceAll(/in \d\.\d\d\ds/g, "in 0s");
}

async function runPlain(python: string, row: Row, folder: string): Promise<End> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/program.py`, bytesOf(row));
  const child = spawn(python, ["program.py", ...(row.argv ?? [])], {
    cwd: folder,
    env: { LC_ALL: "C.UTF-8", TZ: "UTC", PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const text = async (stream: AsyncIterable<Buffer>): Promise<string> =>
    lasting(Buffer.concat(await collect(stream)).toString(), folder);
  const status = new Promise<number | null>((resolve) => child.on("close", resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { success: (await status) === 0, stdout, stderr };
}

function endOf(trace: Trace): End {
  return {
    success: trace.outcome.status === "ok",
    stdout: lasting(trace.stdout),
    stderr: lasting(trace.stderr),
  };
}

async function runRecorded(
  python: string,
  isolation: "shared" | "fork",
  rows: readonly Row[],
  scratchMb: number,
): Promise<Trace[]> {
  await using tracer = await openTracer({ python, isolation, scratchMb, workers: 1, timeoutMs: TIMEOUT_MS });
  expect(tracer.sandbox?.ownFiles).toBe(true);
  return await collect(tracer.run(rows.map(({ id, code, argv }) => ({ id, code, ...(argv && { argv }) }))));
}

const differs = (id: string, plain: End, recorded: End): string =>
  JSON.stringify(plain) === JSON.stringify(recorded) ? "" : `${id}: ${JSON.stringify({ plain, recorded }, null, 1)}`;

describe.skipIf(pythons.length > 0)("a program as a script", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("Python $version", ({ executable }) => {
  const folder = new TestFolder("file");
  const plain = new Map<string, Promise<End>>();
  const plainEnd = (row: Row): Promise<End> => {
    const started = plain.get(row.id) ?? runPlain(executable, row, folder.at(String(plain.size)));
    plain.set(row.id, started);
    return started;
  };

  describe.each(["shared", "fork"] as const)("%s", (isolation) => {
    it.each([
      ["without files of their own to write", 0, ROWS.filter(({ scratch }) => !scratch)],
      ["with a scratch directory", 4, ROWS.filter(({ scratch, denied }) => scratch === true || !denied)],
    ] as const)(
      "programs end as in plain CPython, %s",
      async (_, scratchMb, rows) => {
        const traces = await runRecorded(executable, isolation, rows, scratchMb);
        const differences: string[] = [];
        for (const [i, row] of rows.entries()) {
          const trace = traces[i] as Trace;
          if (row.denied) expect(`${row.id}: ${trace.outcome.status}`).toBe(`${row.id}: denied`);
          else if (row.leaves) expect(`${row.id}: ${trace.outcome.status}`).toBe(`${row.id}: ok`);
          else differences.push(differs(row.id, await plainEnd(row), endOf(trace)));
        }
        expect(differences.filter((text) => text !== "")).toEqual([]);
      },
      120_000,
    );

    it("writing is denied where there is no scratch directory", async () => {
      const rows = ROWS.filter(({ scratch }) => scratch);
      const traces = await runRecorded(executable, isolation, rows, 0);
      const statuses = traces.map((trace, i) => `${rows[i]?.id}: ${trace.outcome.status}`);
      expect(statuses).toEqual(rows.map(({ id }) => `${id}: denied`));
    }, 120_000);
  });
});
