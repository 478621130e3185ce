import { z } from "zod";

export const ISOLATIONS = ["shared", "fork", "inline"] as const;
export const SCOPES = ["program", "entry", "all"] as const;
export const OBJECTS = ["fields", "repr"] as const;

const count = z.int().nonnegative();

/** How programs are run and what is recorded; one object, validated once at the edge. Limits of 0 mean unbounded. */
export const traceOptionsSchema = z.strictObject({
  isolation: z.enum(ISOLATIONS).default("shared"),
  scope: z.enum(SCOPES).default("program"),
  objects: z.enum(OBJECTS).default("fields"),
  /** Wall time per program, milliseconds. */
  timeoutMs: count.default(5_000),
  /** Above what the warm interpreter holds. */
  memoryMb: count.default(512),
  maxEvents: count.default(1_000_000),
  /** Per stream. */
  maxOutputBytes: count.default(1_048_576),
  /** Characters of one value's repr. */
  maxValueChars: count.default(1_000),
  /** Bytes of one record; a program that would need more ends with `event-limit`. */
  maxRecordBytes: z.int().min(65_536).max(4_294_967_295).default(268_435_456),
  /** Seeds `random` before every program. */
  seed: count.default(0),
  /** Modules imported once, before any program. */
  preload: z.array(z.string().regex(/^[A-Za-z_][\w.]*$/)).default([]),
  /** Write CPU and wall time into the records, which makes them irreproducible. */
  timings: z.boolean().default(false),
  /** Show modules, functions and classes among a module's names too. */
  showModuleValues: z.boolean().default(false),
  /** What the hook does; anything but "trace" serves the benchmarks. */
  mode: z.enum(["trace", "untraced", "empty-hook"]).default("trace"),
});

export type TraceOptions = z.output<typeof traceOptionsSchema>;
export type TraceOptionsInput = z.input<typeof traceOptionsSchema>;
