import { z } from "zod";

export type Isolation = "shared" | "fork" | "inline";
export type Scope = "program" | "entry" | "all";
export type Objects = "fields" | "repr";
export type RecordedThreads = "all" | "main";
export type Loops = "all" | "skip";
export type Mode = "trace" | "untraced" | "empty-hook";

export const ISOLATIONS: readonly Isolation[] = ["shared", "fork", "inline"];
export const SCOPES: readonly Scope[] = ["program", "entry", "all"];
export const OBJECTS: readonly Objects[] = ["fields", "repr"];
export const RECORDED_THREADS: readonly RecordedThreads[] = ["all", "main"];
export const LOOPS: readonly Loops[] = ["all", "skip"];
export const MODES: readonly Mode[] = ["trace", "untraced", "empty-hook"];

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

const count = z.int().nonnegative();

export const traceOptionsSchema: z.ZodType<TraceOptions, TraceOptionsInput> = z.strictObject({
  isolation: z.enum(ISOLATIONS).default("shared"),
  scope: z.enum(SCOPES).default("program"),
  objects: z.enum(OBJECTS).default("fields"),
  threads: z.enum(RECORDED_THREADS).default("all"),
  loops: z.enum(LOOPS).default("all"),
  loopHead: z.int().positive().default(3),
  loopTail: z.int().positive().default(1),
  timeoutMs: count.default(5_000),
  memoryMb: count.default(512),
  scratchMb: z.int().nonnegative().max(1_048_576).default(0),
  maxEvents: count.default(1_000_000),
  maxOutputBytes: count.default(1_048_576),
  maxValueChars: count.default(1_000),
  maxRecordBytes: z.int().min(65_536).max(4_294_967_295).default(67_108_864),
  recordMemoryMb: count.default(256),
  recordTimeMs: z.int().positive().default(10_000),
  seed: count.default(0),
  preload: z.array(z.string().regex(/^[A-Za-z_][\w.]*$/)).default([]),
  timings: z.boolean().default(false),
  showModuleValues: z.boolean().default(false),
  requireSandbox: z.boolean().default(false),
  mode: z.enum(MODES).default("trace"),
});
