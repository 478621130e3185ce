// rate.mjs TRACER PROGRAMS.jsonl OPTIONS: seconds that a warm tracer needs for the programs, as JSON; TRACER is the
// compiled module. A process of its own, so that no other tracer of the benchmark stands beside it.
import { readFileSync } from "node:fs";

const [module, input, options] = process.argv.slice(2);
const { openTracer } = await import(module);
const programs = readFileSync(input, "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));
const tracer = await openTracer(JSON.parse(options));
const pass = async () => {
  const started = process.hrtime.bigint();
  for await (const { outcome } of tracer.run(programs)) {
    if (outcome.status !== "ok" && outcome.status !== "exception")
      throw new Error(`a program ended with ${outcome.status}`);
  }
  return Number(process.hrtime.bigint() - started) / 1e9;
};
await pass();
console.log(JSON.stringify({ seconds: await pass() }));
await tracer.close();
