import { z } from "zod";
import { type OptionEntry, TRACE_OPTIONS } from "./trace-option-table.ts";

export type Isolation = "shared" | "fork" | "inline";
export type Scope = "program" | "entry" | "all";
export type Objects = "fields" | "repr";
export type RecordedThreads = "all" | "main";
export type Loops = "all" | "skip";
export type Mode = "trace" | "untraced" | "empty-hook";

/** How programs are run and what is recorded; one object, validated once at the edge. Limits of 0 mean unbounded. */
export interface TraceOptions {
  isolation: Isolation;
  scope: Scope;
  objects: Objects;
  /** Whose events are recorded: those of every thread that the program starts, or of the one that runs it. */
  threads: RecordedThreads;
  /** Whether every iteration is recorded, or of each loop only the first `loopHead` and the last `loopTail`. */
  loops: Loops;
  /** At least 1: CPython does not always tell a first iteration from the start of its loop. */
  loopHead: number;
  /** At least 1: what leaves a loop happens in its last iteration. */
  loopTail: number;
  /** Wall time per program, milliseconds. */
  timeoutMs: number;
  /** Above what the warm interpreter holds. */
  memoryMb: number;
  /** Files that a program may write, in a directory of its own that is empty at the start; 0: none. */
  scratchMb: number;
  /** Events in the record; with skipped loops, those that may still get there included. */
  maxEvents: number;
  /** Per stream. */
  maxOutputBytes: number;
  /** Characters of one value's repr. */
  maxValueChars: number;
  /** Bytes of one record; a program that would need more ends with `record-limit`, as with the two limits below. */
  maxRecordBytes: number;
  /** What the recorder itself may hold while a program runs, the record left out. None of it counts as the program's. */
  recordMemoryMb: number;
  /** What recording may add to a program's wall time, milliseconds; always bounded. `timeoutMs` is for the rest. */
  recordTimeMs: number;
  /** Seeds `random` before every program. */
  seed: number;
  /** Modules imported once, before any program. */
  preload: string[];
  /** Write CPU and wall time into the records, which makes them irreproducible. */
  timings: boolean;
  /** Show modules, functions and classes among a module's names too. */
  showModuleValues: boolean;
  /** Run no program where a layer of the sandbox is missing that others do not repeat. */
  requireSandbox: boolean;
  /** What the hook does; anything but "trace" serves the benchmarks. */
  mode: Mode;
}

/** What callers may write: everything has a default. */
export type TraceOptionsInput = { [Key in keyof TraceOptions]?: TraceOptions[Key] | undefined };

const names = Object.keys(TRACE_OPTIONS) as (keyof TraceOptions)[];

export const traceOptionsSchema: z.ZodType<TraceOptions, TraceOptionsInput> = z.strictObject(
  Object.fromEntries(names.map((name) => [name, valueSchema(TRACE_OPTIONS[name]).default(defaultOf(name))])),
) as unknown as z.ZodType<TraceOptions, TraceOptionsInput>;

/** The part that a recipe can set; what it leaves out has its default later. */
export const recipeOptionsSchema: z.ZodType<TraceOptionsInput> = z.strictObject(
  Object.fromEntries(
    names
      .filter((name) => TRACE_OPTIONS[name].recipe)
      .map((name) => [name, valueSchema(TRACE_OPTIONS[name]).optional().describe(TRACE_OPTIONS[name].help)]),
  ),
) as unknown as z.ZodType<TraceOptionsInput>;

function valueSchema(entry: OptionEntry): z.ZodType {
  switch (entry.kind) {
    case "number":
      return z
        .int()
        .min(entry.least)
        .max(entry.most ?? Number.MAX_SAFE_INTEGER);
    case "choice":
      return z.enum(entry.choices);
    case "switch":
      return z.boolean();
    case "names":
      return z.array(z.string().regex(entry.pattern));
  }
}

function defaultOf(name: keyof TraceOptions): unknown {
  const value = TRACE_OPTIONS[name].default;
  return Array.isArray(value) ? [...value] : value;
}
