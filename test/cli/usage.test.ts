import { expect, test, vi } from "vitest";
import { runCli } from "../../src/app/cli/program.ts";
import { TestFolder } from "../helpers/test-folder.ts";
import { type CliResult, cli } from "./run-cli.ts";

const folder = new TestFolder("file");
folder.writeRows([{ id: "a", code: "" }]);

const run = (...args: string[]): Promise<CliResult> => cli(args, { cwd: folder.path });

test("help names every verb, and shows examples of each", async () => {
  const { status, stdout } = await run("--help");
  expect(status).toBe(0);
  for (const verb of [
    "trace",
    "render",
    "dump",
    "dataset",
    "inspect",
    "score",
    "evaluate",
    "formats",
    "sources",
    "filters",
    "doctor",
  ])
    expect(stdout).toContain(`  ${verb} `);
  const trace = await run("trace", "--help");
  expect(trace.stdout).toContain("tracemill trace cruxeval.jsonl --as statelens -o train.jsonl");
});

test.each([
  [["trace"], "missing required argument 'input'"],
  [["nonsense"], "unknown command 'nonsense'"],
  [["trace", "in.jsonl", "--nope"], "unknown option '--nope'"],
  [["trace", "in.jsonl", "--timeout-ms", "1.5"], '--timeout-ms is "1.5"; give a whole number, 0 or more'],
  [["trace", "in.jsonl", "--workers", "0"], '--workers is "0"; give a whole number, 1 to 1024'],
  [["trace", "in.jsonl", "--shard", "3/2"], '--shard is "3/2"; give i/n with i from 1 to n'],
  [["trace", "in.jsonl", "--scope", "some"], '--scope is "some"; give one of program, entry, all'],
  [["trace", "in.jsonl", "--preload", "os;x"], '--preload is "os;x"; give names of modules'],
  [["trace", "in.jsonl", "--as", "nope"], 'There is no format "nope". Use one of: record, events'],
  [["trace", "in.jsonl", "--source", "nope"], 'There is no source "nope". Use one of: pyedu'],
  [["trace", "in.jsonl", "--filter", "nope"], 'There is no filter "nope". Use some of: imports'],
  [["trace", "in.jsonl", "--filter", "imports,"], "--filter is"],
  [["inspect"], "missing required argument 'input'"],
  [["inspect", "in.jsonl", "-o", "-", "--json"], "--json and -o - both want stdout"],
  [["inspect", "none.jsonl"], "does not exist"],
  [["dataset", "none.yaml", "-o", "x"], "The recipe none.yaml cannot be read"],
  [["dataset", "in.jsonl", "-o", "x"], "licence"],
  [["dataset", "in.jsonl", "-o", "-"], "give a folder, which stdout is not"],
  [["trace", "in.jsonl", "--isolation", "inline", "--require-sandbox"], "inline isolation has no sandbox"],
  [["trace", "in.jsonl", "-o", "-", "--json"], "--json and -o - both want stdout"],
  [["trace", "in.jsonl", "-o", "-", "--resume"], "--resume and --force need an output file"],
  [["trace", "--source", "generate"], "--source generate needs --count, the number of programs"],
  [["trace", "in.jsonl", "--source", "generate", "--count", "3"], "--source generate makes its programs and reads no"],
  [["trace", "in.jsonl", "--count", "3"], "--count says which programs to make; add --source generate"],
  [["trace", "in.jsonl", "--generate", "depth=1"], "--generate says which programs to make"],
  [["trace", "--source", "generate", "--count", "0"], '--count is "0"; give a whole number, 1 or more'],
  [["trace", "--source", "generate", "--count", "3", "--generate", "deep=1"], "names: depth, calls, containers"],
  [["trace", "--source", "generate", "--count", "3", "--generate", "depth=9"], "give depth as a whole number, 0 to 4"],
  [["trace", "--source", "generate", "--count", "3", "--generate", "depth=1,depth=2"], "depth is there twice"],
  [["trace", "gone.jsonl"], "The input gone.jsonl does not exist"],
  [["render", "gone.tmr", "--as", "events"], "The record file gone.tmr cannot be read (ENOENT)"],
  [["render", "in.jsonl"], "required option '--as <format>' not specified"],
])("%j is a usage error that says what to do", async (args, message) => {
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    vi.spyOn(process[name], "write").mockImplementation((data) => {
      printed[name] += String(data);
      return true;
    });
  }
  // In this process, whose folder has none of the files: starting fifteen would take long.
  const status = await runCli(args.map((arg) => (arg === "in.jsonl" ? folder.at(arg) : arg))).finally(() => {
    vi.restoreAllMocks();
  });
  expect(printed.stderr).toContain(message);
  expect(printed.stdout).toBe("");
  expect(status).toBe(2);
});

test("lists are for people and for programs", async () => {
  expect((await run("formats")).stdout).toContain("statelens-skip\n  StateLens");
  const { stdout } = await run("sources", "--json");
  expect((JSON.parse(stdout) as { name: string }[]).map(({ name }) => name)).toEqual([
    "pyedu",
    "reval",
    "humaneval",
    "mbpp-repair",
    "apps",
    "livecodebench-tests",
    "mbpp",
    "cruxeval-calls",
    "livecodebench",
    "stdin",
    "cruxeval",
    "native",
    "the-stack",
    "generate",
  ]);
});
