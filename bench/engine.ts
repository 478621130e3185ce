import type { ProgramInput } from "../src/base/schema/program.ts";
import type { openTracer as OpenTracer, ProgramTrace, Tracer, TracerOptions } from "../src/engine/tracer.ts";

// The compiled engine is measured: what users run, and worker threads that start without a TypeScript loader.
const compiled = new URL("../dist/engine/tracer.js", import.meta.url).href;
const { openTracer } = (await import(compiled)) as { openTracer: typeof OpenTracer };

/** A tracer that has run something already: its processes are up. */
export async function warmTracer(options: TracerOptions): Promise<Tracer> {
  const tracer = await openTracer(options);
  const workers = options.workers ?? 1;
  await mustFinish(
    tracer,
    Array.from({ length: 100 * workers }, (_, i) => ({ id: `warm-${i}`, code: "x = 1\n" })),
  );
  return tracer;
}

/** One worker that records and times loops however long they are. */
export async function tracerOfLongLoops(python: string | undefined): Promise<Tracer> {
  const unbounded = { maxEvents: 0, timeoutMs: 120_000, maxRecordBytes: 2 ** 30 };
  return warmTracer({ workers: 1, timings: true, ...unbounded, ...(python && { python }) });
}

/** Runs programs and throws for one that did not end by itself: a benchmark must not measure failures. */
export async function mustFinish(tracer: Tracer, programs: ProgramInput[]): Promise<void> {
  for await (const trace of tracer.run(programs)) checkFinished(trace);
}

/** Seconds that the programs themselves ran, as the tracer process measured it; needs the option `timings`. */
export async function wallSeconds(tracer: Tracer, programs: ProgramInput[]): Promise<number> {
  let nanoseconds = 0;
  for await (const trace of tracer.run(programs)) {
    checkFinished(trace);
    nanoseconds += Number(trace.outcome.wallNs);
  }
  if (nanoseconds === 0) throw new Error("the records hold no times");
  return nanoseconds / 1e9;
}

/** What they return; throws for one that returns nothing. */
export async function results(tracer: Tracer, programs: ProgramInput[]): Promise<string[]> {
  const all: string[] = [];
  for await (const trace of tracer.run(programs)) {
    const { status, detail, exception, result } = trace.outcome;
    if (status !== "ok" || !result) throw new Error(`${trace.program.id}: ${detail ?? exception?.message ?? status}`);
    all.push(result.repr);
  }
  return all;
}

function checkFinished({ program, outcome }: ProgramTrace): void {
  // An exception is an answer: some programs of the corpora raise.
  if (outcome.status !== "ok" && outcome.status !== "exception") {
    throw new Error(`benchmark program ${program.id} ended with ${outcome.status}: ${outcome.detail ?? ""}`);
  }
}
