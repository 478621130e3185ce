// A Node process of its own, with a tracer that is busy forever; what it does then is its argument.
import { openTracer } from "../../src/engine/tracer.ts";
import { eventually, tracerProcesses } from "./engine-processes.ts";

const [python, ending] = process.argv.slice(2);
const tracer = await openTracer({
  workers: 2,
  timeoutMs: 0,
  maxEvents: 0,
  ...(python === undefined ? {} : { python }),
});
const program = { id: "endless", code: "import time\nwhile True:\n    time.sleep(0.01)" };
const run = tracer.run(Array.from({ length: 10 }, () => program));
run.next().catch(() => {});
// Two supervisors, each with an executor that runs a program.
await eventually(() => tracerProcesses(process.pid).length === 4, 20_000);
console.log(JSON.stringify(tracerProcesses(process.pid)));
if (ending === "exit") process.exit(7);
if (ending === "throw") throw new Error("on purpose");
