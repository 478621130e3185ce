import type { TraceOptions } from "./options.ts";

interface Entry {
  /** What the command line and the recipe's JSON Schema say of it. */
  readonly help: string;
  /** Whether recipes can set it. */
  readonly recipe?: true;
}

export interface NumberEntry extends Entry {
  readonly kind: "number";
  readonly least: number;
  readonly most?: number;
  readonly default: number;
  /** What holds where nothing is said, when a command has more to say of it than the number. */
  readonly otherwise?: string;
}

export interface ChoiceEntry<T extends string = string> extends Entry {
  readonly kind: "choice";
  /** What the choice is called where one is asked for. */
  readonly of: string;
  readonly choices: readonly T[];
  readonly default: T;
}

export interface SwitchEntry extends Entry {
  readonly kind: "switch";
  readonly default: false;
}

export interface NamesEntry extends Entry {
  readonly kind: "names";
  readonly of: string;
  readonly pattern: RegExp;
  readonly default: readonly [];
}

export type OptionEntry = NumberEntry | ChoiceEntry | SwitchEntry | NamesEntry;

type EntryOf<T> = [T] extends [number]
  ? NumberEntry
  : [T] extends [boolean]
    ? SwitchEntry
    : [T] extends [string]
      ? ChoiceEntry<T>
      : NamesEntry;

/**
 * Every option of a traced run, once: the schema that the library checks, the flags of `tracemill trace` and their help,
 * the keys of a recipe and its JSON Schema are made of it. Plain data, so that `--help` loads nothing else.
 */
export const TRACE_OPTIONS: { readonly [Name in keyof TraceOptions]: EntryOf<TraceOptions[Name]> } = {
  scope: {
    kind: "choice",
    of: "scope",
    choices: ["program", "entry", "all"],
    default: "program",
    help: "frames to record: program, entry or all",
    recipe: true,
  },
  isolation: {
    kind: "choice",
    of: "level",
    choices: ["shared", "fork", "inline"],
    default: "shared",
    help: "shared, fork, or inline for code you trust",
    recipe: true,
  },
  objects: {
    kind: "choice",
    of: "how",
    choices: ["fields", "repr"],
    default: "fields",
    help: "objects of the program's classes: fields, or repr to call theirs and compare with an untraced run",
    recipe: true,
  },
  threads: {
    kind: "choice",
    of: "which",
    choices: ["all", "main"],
    default: "all",
    help: "threads to record: all, or main, the one that runs the program",
    recipe: true,
  },
  loops: {
    kind: "choice",
    of: "which",
    choices: ["all", "skip"],
    default: "all",
    help: "all iterations, or skip all but the first and last of each loop",
    recipe: true,
  },
  loopHead: {
    kind: "number",
    least: 1,
    default: 3,
    help: "where iterations are skipped: first ones kept, 1 or more, of which texts show one less",
    recipe: true,
  },
  loopTail: {
    kind: "number",
    least: 1,
    default: 1,
    help: "where iterations are skipped: last ones kept, 1 or more",
    recipe: true,
  },
  timeoutMs: { kind: "number", least: 0, default: 5_000, help: "wall time per program; 0: none", recipe: true },
  memoryMb: { kind: "number", least: 0, default: 512, help: "memory per program; 0: unbounded", recipe: true },
  scratchMb: {
    kind: "number",
    least: 0,
    most: 1_048_576,
    default: 0,
    help: "files that a program may write, in an empty directory of its own; 0: none",
  },
  maxEvents: { kind: "number", least: 0, default: 1_000_000, help: "events in a record; 0: unbounded", recipe: true },
  maxOutputBytes: {
    kind: "number",
    least: 0,
    default: 1_048_576,
    help: "stdout and stderr kept, each; 0: unbounded",
  },
  maxValueChars: {
    kind: "number",
    least: 0,
    default: 1_000,
    otherwise: "the format's, else 1000",
    help: "characters of a value; 0: unbounded",
    recipe: true,
  },
  maxRecordBytes: {
    kind: "number",
    least: 65_536,
    most: 4_294_967_295,
    default: 67_108_864,
    help: "bytes of one record",
  },
  recordMemoryMb: { kind: "number", least: 0, default: 256, help: "memory of the recorder itself; 0: unbounded" },
  recordTimeMs: { kind: "number", least: 1, default: 10_000, help: "wall time that recording may add to a program" },
  seed: {
    kind: "number",
    least: 0,
    default: 0,
    help: "seed of Python's random, and of programs that are generated",
    recipe: true,
  },
  preload: {
    kind: "names",
    of: "modules",
    pattern: /^[A-Za-z_][\w.]*$/,
    default: [],
    help: "modules to import once, before any program: numpy,pandas",
  },
  requireSandbox: {
    kind: "switch",
    default: false,
    help: "run nothing where a layer of the sandbox is missing (tracemill doctor shows them)",
  },
  showModuleValues: {
    kind: "switch",
    default: false,
    help: "show modules, functions and classes among a module's names too",
  },
  timings: {
    kind: "switch",
    default: false,
    help: "put CPU and wall time into the records, which makes them differ between runs",
  },
  mode: {
    kind: "choice",
    of: "mode",
    choices: ["trace", "untraced", "empty-hook"],
    default: "trace",
    help: "what the hook does; anything but trace serves the benchmarks",
  },
};

/** Of the library alone: no command and no recipe names it. */
export type FlagName = Exclude<keyof TraceOptions, "mode">;

export const FLAG_NAMES: readonly FlagName[] = (Object.keys(TRACE_OPTIONS) as (keyof TraceOptions)[]).filter(
  (name) => name !== "mode",
);

/** As the command line writes it: --loop-head. */
export function flagName(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
