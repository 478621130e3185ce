// Renders stored recordings as events rows no longer than the comparison with the reference needs them:
//
//   node first-events.mjs OURS.tmr REFERENCE.jsonl > OURS.jsonl
//
// Of a program that the reference cut, the events up to the cut; of another, one event more than the reference has, so
// that a surplus shows. Needs dist: npm run build.
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { stdout } from "node:process";
import { createInterface } from "node:readline";
import { zstdCodec } from "../../dist/native/codec.js";
import { RecordFileReader } from "../../dist/record/container.js";
import { Trace } from "../../dist/record/trace.js";
import { renderEvents } from "../../dist/render/events.js";

/** By program id: how many events to render. */
async function eventsNeeded(path) {
  const needed = new Map();
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const row = JSON.parse(line);
    if (row.skipped === undefined) needed.set(row.id, row.cut ?? row.events.length + 1);
  }
  return needed;
}

/** The trace as the renderer reads it, ending after `count` events. */
function firstEvents(trace, count) {
  return {
    outcome: trace.outcome,
    stdout: trace.stdout,
    stateAt: (index) => trace.stateAt(index),
    *events() {
      for (const event of trace.events()) {
        if (event.index === count) return;
        yield event;
      }
    },
  };
}

const [recordings, reference] = process.argv.slice(2);
if (reference === undefined) throw new Error("usage: node first-events.mjs OURS.tmr REFERENCE.jsonl > OURS.jsonl");
const needed = await eventsNeeded(reference);
const reader = await RecordFileReader.open(recordings, zstdCodec());
try {
  for await (const { program, record } of reader.rows()) {
    const row = renderEvents(program, firstEvents(new Trace(record), needed.get(program.id) ?? 0));
    if (!stdout.write(`${JSON.stringify(row)}\n`)) await once(stdout, "drain");
  }
} finally {
  await reader.close();
}
