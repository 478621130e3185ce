import type { Trace } from "../../src/record/trace/trace.ts";
import type { findRenderer as FindRenderer, listRenderers as ListRenderers } from "../../src/views/formats/registry.ts";
import type { BenchCase } from "../case.ts";
import { warmTracer } from "../engine.ts";
import { interleaved, measurement } from "../measure.ts";
import { smallPrograms } from "../programs.ts";

// Compiled, as the engine is.
const compiled = (file: string): string => new URL(`../../dist/${file}`, import.meta.url).href;
const registry = (await import(compiled("views/formats/registry.js"))) as {
  findRenderer: typeof FindRenderer;
  listRenderers: typeof ListRenderers;
};
const { Trace: CompiledTrace } = (await import(compiled("record/trace/trace.js"))) as { Trace: typeof Trace };
const { RenderError } = (await import(compiled("base/errors.js"))) as { RenderError: ErrorConstructor };

export const renderCase: BenchCase = {
  name: "render",
  title: "stored records of small programs rendered to JSON lines, every format, one thread",
  async run({ python, short }) {
    const { source, programs } = smallPrograms(short ? 100 : 800);
    const records: { program: (typeof programs)[number] & { entry: string | null }; record: Uint8Array }[] = [];
    await using tracer = await warmTracer({ workers: 1, maxValueChars: 0, ...(python && { python }) });
    for await (const { program, bytes } of tracer.run(programs))
      records.push({ program, record: Uint8Array.from(bytes) });
    const formats = registry.listRenderers().filter((renderer) => renderer.extension === ".jsonl");
    const sizes = new Map<string, { bytes: number; rows: number }>();
    const contestants = Object.fromEntries(
      formats.map(({ name }) => [
        name,
        async (): Promise<number> => {
          const started = process.hrtime.bigint();
          sizes.set(name, renderAll(name, records));
          return Number(process.hrtime.bigint() - started) / 1e9;
        },
      ]),
    );
    await interleaved(contestants, 1);
    const rounds = await interleaved(contestants, short ? 1 : 5);
    return formats.flatMap(({ name }) => {
      const { bytes, rows } = sizes.get(name) ?? { bytes: 0, rows: 0 };
      const seconds = rounds.map((round) => round[name] as number);
      return [
        measurement(
          `${name}, ${source}`,
          "MB/s",
          seconds.map((s) => bytes / s / 1e6),
        ),
        measurement(
          name,
          "rows/s",
          seconds.map((s) => rows / s),
        ),
      ];
    });
  },
};

/** Reads every record anew; rows that the format rejects count for nothing. */
function renderAll(
  format: string,
  records: readonly { program: Parameters<ReturnType<typeof FindRenderer>["render"]>[0]; record: Uint8Array }[],
): { bytes: number; rows: number } {
  const renderer = registry.findRenderer(format);
  let bytes = 0;
  let rows = 0;
  for (const { program, record } of records) {
    try {
      const made = renderer.render(program, new CompiledTrace(record));
      for (const { row } of made) {
        bytes += Buffer.byteLength(JSON.stringify(row)) + 1;
        rows += 1;
      }
    } catch (error) {
      if (!(error instanceof RenderError)) throw error;
    }
  }
  return { bytes, rows };
}
