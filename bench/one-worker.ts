// The control of bench/cases/two-workers.ts: a process of its own with one worker. Says "ready", then runs its programs
// for every line on stdin and says "done".
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { ProgramInput } from "../src/base/schema/program.ts";
import { mustFinish, warmTracer } from "./engine.ts";

const [input = "", python] = process.argv.slice(2);
const programs = readFileSync(input, "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as ProgramInput);
await using tracer = await warmTracer({ workers: 1, ...(python && { python }) });
console.log("ready");
for await (const _ of createInterface({ input: process.stdin })) {
  await mustFinish(tracer, programs);
  console.log("done");
}
