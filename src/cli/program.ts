import { Command, CommanderError, Option } from "commander";
import { toolVersion } from "../run/tool-version.ts";
import { EXIT, reportFailure } from "./exit.ts";

// Flags only: what a verb does is imported when it runs, so that --help is instant.

const TRACE_HELP = `
Inputs are .jsonl and .json files of rows ("tracemill sources" shows the kinds), .py files, and folders of .py files.

Examples:
  tracemill trace cruxeval.jsonl -o traces.tmr
  tracemill trace cruxeval.jsonl --as statelens -o train.jsonl
  tracemill trace --source generate --seed 7 --count 100000 -o generated.tmr
  tracemill trace big.jsonl --as events --shard 1/4 --resume -o events-1.jsonl
  tracemill trace program.py --as events -o - | head -1`;

const RENDER_HELP = `
Examples:
  tracemill render traces.tmr --as statelens -o train.jsonl
  tracemill render traces.tmr --as events -o - | head -1`;

const DUMP_HELP = `
Examples:
  tracemill dump traces.tmr | head -40
  tracemill dump traces.tmr --id sample_3`;

/** A stderr that is full or has no reader any more stops nothing: there is nobody left to tell. */
function ignore(): void {}

/** Runs a command line and returns the exit status. */
export async function runCli(argv: readonly string[]): Promise<number> {
  let status: number = EXIT.ok;
  if (!process.stderr.listeners("error").includes(ignore)) process.stderr.on("error", ignore);
  const program = buildProgram((result) => {
    status = result;
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return status;
  } catch (error) {
    // Commander has printed its message already; help and version are no failures.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return reportFailure(error);
  }
}

function buildProgram(finish: (status: number) => void): Command {
  const program = new Command("tracemill")
    .description("Runs Python programs safely, records what every line did to every variable, and renders the records.")
    .version(toolVersion(), "-V, --version")
    .showHelpAfterError("(add --help for the flags and examples)")
    .exitOverride();
  addTrace(program, finish);
  addRender(program, finish);
  addLists(program, finish);
  return program;
}

function addTrace(program: Command, finish: (status: number) => void): void {
  program
    .command("trace")
    .description("run programs and record them, or render what was recorded at once")
    .argument("[input...]", "files of rows, .py files, folders of .py files; none with --source generate")
    .option("-o, --output <path>", "where to write; - for stdout (default: named after the input and the format)")
    .option("--as <format>", 'what to write: "tracemill formats" lists them', "record")
    .option("--correct", "where a published text has a fault, write the right one")
    .option("--max-tokens <n>", "tokens of a row: fewer iterations and shorter values are shown until it fits")
    .option("--tokenizer <folder>", "what counts them: a folder with a tokenizer.json, or estimate")
    .option("--source <name>", "the kind of the rows (default: found row by row)")
    .option("--scope <scope>", "frames to record: program, entry or all (default: program)")
    .option("--isolation <level>", "shared, fork, or inline for code you trust (default: shared)")
    .option(
      "--objects <how>",
      "objects of the program's classes: fields, or repr to call theirs (default: the format's)",
    )
    .option("--loops <which>", "all iterations, or skip all but the first and last of each loop (default: all)")
    .option("--loop-head <n>", "with --loops skip: first iterations kept, 1 or more (default: 2)")
    .option("--loop-tail <n>", "with --loops skip: last iterations kept, 1 or more (default: 1)")
    .option("--python <path>", "the Python to trace with (default: TRACEMILL_PYTHON, else python3)")
    .option("--workers <n>", "worker threads (default: one per core)")
    .option("--timeout-ms <n>", "wall time per program; 0: none (default: 5000)")
    .option("--memory-mb <n>", "memory per program; 0: unbounded (default: 512)")
    .option("--max-events <n>", "events in a record; 0: unbounded (default: 1000000)")
    .option("--max-output-bytes <n>", "stdout and stderr kept, each; 0: unbounded (default: 1048576)")
    .option("--max-value-chars <n>", "characters of a value; 0: unbounded (default: the format's, else 1000)")
    .option("--max-record-bytes <n>", "bytes of one record (default: 67108864)")
    .option("--seed <n>", "seed of Python's random, and of --source generate (default: 0)")
    .option("--preload <modules>", "modules to import once, before any program: numpy,pandas")
    .option("--require-sandbox", "run nothing where a layer of the sandbox is missing (tracemill doctor shows them)")
    .option("--show-module-values", "show modules, functions and classes among a module's names too")
    .option("--timings", "put CPU and wall time into the records, which makes them differ between runs")
    .option("--count <n>", "how many programs --source generate makes")
    .option(
      "--generate <knobs>",
      "what is in them (default: depth=2,calls=1,containers=2,classes=1,exceptions=1,strings=2)",
    )
    .option("--limit <n>", "stop after so many programs")
    .option("--shard <i/n>", "take every n-th row, beginning with row i (from 1)")
    .option("--resume", "go on with an interrupted run of the same command line")
    .option("--force", "start again, throwing away what an interrupted run left")
    .option("--json", "print the summary as JSON on stdout")
    .addHelpText("after", TRACE_HELP)
    .exitOverride()
    .action(async (inputs: string[], flags: Record<string, unknown>) => {
      const { traceCommand } = await import("./trace.ts");
      finish(await traceCommand(inputs, flags));
    });
}

function addRender(program: Command, finish: (status: number) => void): void {
  program
    .command("render")
    .description("render recordings into another format without running anything")
    .argument("<records>", "a .tmr file")
    .option("-o, --output <path>", "where to write; - for stdout (default: named after the input and the format)")
    .requiredOption("--as <format>", 'what to write: "tracemill formats" lists them')
    .option("--correct", "where a published text has a fault, write the right one")
    .option("--max-tokens <n>", "tokens of a row: fewer iterations and shorter values are shown until it fits")
    .option("--tokenizer <folder>", "what counts them: a folder with a tokenizer.json, or estimate")
    .option("--json", "print the summary as JSON on stdout")
    .addHelpText("after", RENDER_HELP)
    .exitOverride()
    .action(async (records: string, flags: Record<string, unknown>) => {
      const { renderCommand } = await import("./render.ts");
      finish(await renderCommand(records, flags));
    });
  program
    .command("dump")
    .description("print recordings as text, one line per event")
    .argument("<records>", "a .tmr file")
    .addOption(new Option("--id <id>", "only the program of this id"))
    .addHelpText("after", DUMP_HELP)
    .exitOverride()
    .action(async (records: string, flags: { id?: string }) => {
      const { dumpCommand } = await import("./dump.ts");
      finish(await dumpCommand(records, flags.id));
    });
}

function addLists(program: Command, finish: (status: number) => void): void {
  program
    .command("formats")
    .description("list what --as can name, with an example each")
    .option("--json", "as JSON")
    .exitOverride()
    .action(async ({ json = false }: { json?: boolean }) => {
      const { formatsCommand } = await import("./lists.ts");
      finish(await formatsCommand(json));
    });
  program
    .command("sources")
    .description("list the kinds of rows that can be read, with an example each")
    .option("--json", "as JSON")
    .exitOverride()
    .action(async ({ json = false }: { json?: boolean }) => {
      const { sourcesCommand } = await import("./lists.ts");
      finish(await sourcesCommand(json));
    });
  program
    .command("doctor")
    .description("what works here (Python, sandbox, GPU), and what to do about the rest")
    .option("--python <path>", "the Python to look at (default: TRACEMILL_PYTHON, else python3)")
    .option("--json", "as JSON")
    .exitOverride()
    .action(async ({ json = false, python }: { json?: boolean; python?: string }) => {
      const { runDoctor } = await import("./doctor.ts");
      finish(await runDoctor(python === undefined ? { json } : { json, python }));
    });
}
