// Says on stdout, as JSON, what the sandbox is like here and how programs end in it: PYTHON REQUIRE PROGRAM...
import { openTracer } from "../../src/engine/tracer.ts";

const [python = "", requireSandbox, ...codes] = process.argv.slice(2);
try {
  await using tracer = await openTracer({ python, workers: 1, requireSandbox: requireSandbox === "true" });
  const statuses: string[] = [];
  for await (const { outcome } of tracer.run(codes.map((code, i) => ({ id: `p${i}`, code })))) {
    statuses.push(outcome.exception?.type ?? outcome.status);
  }
  process.stdout.write(JSON.stringify({ sandbox: tracer.sandbox, statuses }));
} catch (error) {
  process.stdout.write(JSON.stringify({ error: (error as Error).message }));
}
