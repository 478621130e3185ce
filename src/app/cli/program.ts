import { Command, CommanderError, Option } from "commander";
import { FLAG_NAMES, flagName, type OptionEntry, TRACE_OPTIONS } from "../../base/schema/trace-option-table.ts";
import { toolVersion } from "../../jobs/tool-version.ts";
import { EXIT, reportFailure } from "./exit.ts";

// Flags only: what a verb does is imported when it runs, so that --help is instant.

const TRACE_HELP = `
Inputs are files of rows ("tracemill sources" shows the kinds): .jsonl, .json, .csv, .tsv, also as .gz or .zst, .parquet,
.arrow and .feather; .py files; folders of either; - for rows on stdin.

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

const INSPECT_HELP = `
Examples:
  tracemill inspect cruxeval.jsonl -o facts.jsonl
  tracemill inspect program.py -o -`;

const SCORE_HELP = `
Examples:
  tracemill score questions.jsonl answers.jsonl -o verdicts.jsonl
  tracemill score questions.jsonl answers.jsonl --schedule gated --json`;

const EVALUATE_HELP = `
Example:
  tracemill evaluate lcb-exec --input rows.jsonl --predictions answers.jsonl --scoring published -o results --json`;

const QUESTIONS_HELP = `
Examples:
  tracemill questions traces.tmr -o q.jsonl
  tracemill questions cruxeval.jsonl --kinds path,state,output --per-program 4 --seed 7 -o q.jsonl
  tracemill questions traces.tmr --ask asks.jsonl -o answers.jsonl`;

const DUMP_HELP = `
Examples:
  tracemill dump traces.tmr | head -40
  tracemill dump traces.tmr --id sample_3`;

const DATASET_HELP = `
A recipe:
  name: traced
  licence: apache-2.0
  inputs: [pyedu.jsonl]
  filters: [egr]
  renderer: statelens
  split: {validation: 0.1}

Examples:
  tracemill dataset recipe.yaml -o traced
  tracemill dataset recipes/statelens-skip.yaml --input cruxeval.jsonl -o traced`;

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
  addDataset(program, finish);
  addInspect(program, finish);
  addScore(program, finish);
  addEvaluate(program, finish);
  addQuestions(program, finish);
  addLists(program, finish);
  return program;
}

/** A verb that works through rows, with what all of these can be told. */
function addJob(program: Command, verb: string): Command {
  return program
    .command(verb)
    .option("-o, --output <path>", "where to write; - for stdout (default: named after the input and the format)")
    .option("--resume", "go on with an interrupted run of the same command line")
    .option("--force", "replace what another run of tracemill wrote, and throw away what an interrupted one left")
    .option("--json", "print the summary as JSON on stdout");
}

/** The flag of an option, and its help. */
function flagOf(name: string, entry: OptionEntry): [flags: string, help: string] {
  const flag = flagName(name);
  switch (entry.kind) {
    case "number":
      return [`${flag} <n>`, `${entry.help} (default: ${entry.otherwise ?? entry.default})`];
    case "choice":
      return [`${flag} <${entry.of}>`, `${entry.help} (default: ${entry.default})`];
    case "switch":
      return [flag, entry.help];
    case "names":
      return [`${flag} <${entry.of}>`, entry.help];
  }
}

function addTrace(program: Command, finish: (status: number) => void): void {
  const command = addJob(program, "trace")
    .description("run programs and record them, or render what was recorded at once")
    .argument("[input...]", "files of rows, .py files, folders of .py files; none with --source generate")
    .option("--as <format>", 'what to write: "tracemill formats" lists them', "record")
    .option("--correct", "where a published text has a fault, write the right one")
    .option("--max-tokens <n>", "tokens of a row: fewer iterations and shorter values are shown until it fits")
    .option("--tokenizer <folder>", "what counts them: a folder with a tokenizer.json, or estimate")
    .option("--source <name>", "the kind of the rows (default: found row by row)")
    .option("--map <fields>", "rename fields of the rows: code=solution,entry=call takes solution for code")
    .option("--filter <names>", 'programs and traces to leave out: "tracemill filters" lists the names')
    .option("--python <path>", "the Python to trace with (default: TRACEMILL_PYTHON, else python3)")
    .option("--workers <n>", "worker threads (default: one per core)")
    .option("--no-auto-preload", "without --preload, do not import once for all what the first programs import most")
    .option("--count <n>", "how many programs --source generate makes")
    .option(
      "--generate <knobs>",
      "what is in them (default: depth=2,calls=1,containers=2,classes=1,exceptions=1,strings=2)",
    )
    .option("--limit <n>", "stop after so many programs")
    .option("--shard <i/n>", "take every n-th row, beginning with row i (from 1)");
  for (const name of FLAG_NAMES) command.option(...flagOf(name, TRACE_OPTIONS[name]));
  command
    .addHelpText("after", TRACE_HELP)
    .exitOverride()
    .action(async (inputs: string[], flags: Record<string, unknown>) => {
      const { traceCommand } = await import("./trace.ts");
      finish(await traceCommand(inputs, flags));
    });
}

function addRender(program: Command, finish: (status: number) => void): void {
  addJob(program, "render")
    .description("render recordings into another format without running anything")
    .argument("<records>", "a .tmr file")
    .requiredOption("--as <format>", 'what to write: "tracemill formats" lists them')
    .option("--correct", "where a published text has a fault, write the right one")
    .option("--max-tokens <n>", "tokens of a row: fewer iterations and shorter values are shown until it fits")
    .option("--tokenizer <folder>", "what counts them: a folder with a tokenizer.json, or estimate")
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

function addDataset(program: Command, finish: (status: number) => void): void {
  program
    .command("dataset")
    .description("make a folder of training data from a recipe: rows in splits, dataset_info.json, and a card")
    .argument("<recipe>", "a .yaml file; src/products/dataset/recipe.schema.json says what is in it")
    .requiredOption("-o, --output <folder>", "what to make")
    .option("--input <files...>", "what to read instead of the recipe's inputs: files of rows, folders")
    .option("--solutions <files...>", "rows with the right programs, where the inputs are faulty ones")
    .option("--tokenizer <folder>", "what counts tokens for the card: a folder with a tokenizer.json, or estimate")
    .option("--limit <n>", "stop after so many programs")
    .option("--python <path>", "the Python to trace with (default: TRACEMILL_PYTHON, else python3)")
    .option("--workers <n>", "worker threads (default: one per core)")
    .option("--resume", "go on with an interrupted run of the same command line")
    .option("--force", "replace a data set of tracemill's, and throw away what an interrupted run left")
    .option("--json", "print the manifest as JSON on stdout")
    .addHelpText("after", DATASET_HELP)
    .exitOverride()
    .action(async (recipe: string, flags: Record<string, unknown>) => {
      const { datasetCommand } = await import("./dataset.ts");
      finish(await datasetCommand(recipe, flags));
    });
}

function addInspect(program: Command, finish: (status: number) => void): void {
  addJob(program, "inspect")
    .description("what Python's own grammar says of programs, which are not run: functions, scopes, loops, branches")
    .argument("<input...>", "files of rows, .py files, folders of either")
    .option("--source <name>", "the kind of the rows (default: found row by row)")
    .option("--map <fields>", "rename fields of the rows: code=solution,entry=call takes solution for code")
    .option("--limit <n>", "stop after so many programs")
    .option("--python <path>", "the Python to ask (default: TRACEMILL_PYTHON, else python3)")
    .addHelpText("after", INSPECT_HELP)
    .exitOverride()
    .action(async (inputs: string[], flags: Record<string, unknown>) => {
      const { inspectCommand } = await import("./inspect.ts");
      finish(await inspectCommand(inputs, flags));
    });
}

function addScore(program: Command, finish: (status: number) => void): void {
  addJob(program, "score")
    .description("judge what models answered to questions: a verdict with its reason for every reply")
    .argument("<questions>", "a file of questions, as tracemill questions makes it")
    .argument("<answers>", "a file of rows {id, reply} or {id, replies}")
    .option(
      "--schedule <name>",
      "reward by plain, gated, ungated, by-kind[:KIND=WEIGHT,...] or chance (default: plain)",
    )
    .option("--scoring <mode>", "strict, or published: as the published scorers do, hacks included (default: strict)")
    .option("--python <path>", "the Python that predicted calls run in (default: TRACEMILL_PYTHON, else python3)")
    .option("--workers <n>", "worker threads that run predicted calls (default: 1)")
    .option("--timeout-ms <n>", "wall time of a predicted call; 0: none (default: 5000)")
    .option("--memory-mb <n>", "memory of a predicted call; 0: unbounded (default: 512)")
    .addHelpText("after", SCORE_HELP)
    .exitOverride()
    .action(async (questions: string, answers: string, flags: Record<string, unknown>) => {
      const { scoreCommand } = await import("./score.ts");
      finish(await scoreCommand(questions, answers, flags));
    });
}

function addEvaluate(program: Command, finish: (status: number) => void): void {
  program
    .command("evaluate")
    .description("score stored predictions on a published benchmark of execution reasoning")
    .argument("<benchmark>", "lcb-exec")
    .requiredOption("--input <rows>", "the benchmark's rows")
    .requiredOption("--predictions <rows>", "rows {task_id, solutions} or {id, reply}")
    .requiredOption("-o, --output <folder>", "where samples.jsonl and results.json go")
    .option("--scoring <mode>", "strict, or published: as the published scorer does, hacks included (default: strict)")
    .option("--python <path>", "the Python that predictions run in (default: TRACEMILL_PYTHON, else python3)")
    .option("--workers <n>", "worker threads (default: one per core)")
    .option("--resume", "go on with an interrupted run of the same command line")
    .option("--force", "replace what another run of tracemill wrote, and throw away what an interrupted one left")
    .option("--json", "print the results as JSON on stdout")
    .addHelpText("after", EVALUATE_HELP)
    .exitOverride()
    .action(async (benchmark: string, flags: Record<string, unknown>) => {
      const { evaluateCommand } = await import("./evaluate.ts");
      finish(await evaluateCommand(benchmark, flags));
    });
}

function addQuestions(program: Command, finish: (status: number) => void): void {
  addJob(program, "questions")
    .description("ask questions about runs, with every right answer, from recordings or from programs that are traced")
    .argument("<input...>", "a .tmr file; or files of rows, .py files, folders of either")
    .option("--kinds <names>", "kinds of questions with commas between them (default: all)")
    .option("--per-program <n>", "questions of one program, at most (default: 8)")
    .option("--seed <n>", "what decides which are asked (default: 0)")
    .option("--consistent", "chains of coverage, state, path and output about one place, as REval scores them")
    .option("--ask <file>", 'answer these instead: rows of {"program", "kind", "line", "visit", "name"}')
    .option("--source <name>", "the kind of the rows (default: found row by row)")
    .option("--limit <n>", "stop after so many programs")
    .option("--python <path>", "the Python to trace with (default: TRACEMILL_PYTHON, else python3)")
    .option("--workers <n>", "worker threads (default: one per core)")
    .addHelpText("after", QUESTIONS_HELP)
    .exitOverride()
    .action(async (inputs: string[], flags: Record<string, unknown>) => {
      const { questionsCommand } = await import("./questions.ts");
      finish(await questionsCommand(inputs, flags));
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
    .command("filters")
    .description("list what --filter can name, with what each leaves out")
    .option("--json", "as JSON")
    .exitOverride()
    .action(async ({ json = false }: { json?: boolean }) => {
      const { filtersCommand } = await import("./lists.ts");
      finish(await filtersCommand(json));
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
