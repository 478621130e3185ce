import { describe, expect, test } from "vitest";
import { programSchema } from "../../../src/base/schema/program.ts";
import { CODE_FLAGS } from "../../../src/record/trace/format.ts";
import { Trace } from "../../../src/record/trace/trace.ts";
import { intRef, RecordWriter } from "../../../src/record/trace/writer.ts";
import { findRenderer } from "../../../src/views/formats/registry.ts";

/** A module on thread 0, a function on thread 2, and a generator that starts on thread 0 and goes on on thread 2. */
function threadedRecord(): Uint8Array {
  const writer = new RecordWriter(12, { loopsSkipped: true });
  const module = writer.frame(writer.code("<module>", 1, CODE_FLAGS.module));
  writer.event({ kind: "call", frame: module, line: 1 });
  const generator = writer.frame(writer.code("g", 3, CODE_FLAGS.generator), module);
  writer.event({ kind: "call", frame: generator, line: 3, changes: [["n", intRef(1)]] });
  writer.event({ kind: "yield", frame: generator, line: 4, value: intRef(1) });
  writer.thread(2);
  const work = writer.frame(writer.code("work", 8));
  writer.event({ kind: "call", frame: work, line: 8, changes: [["n", intRef(7)]] });
  writer.output("stdout", "two\n");
  writer.event({ kind: "resume", frame: generator, line: 4, changes: [["n", intRef(2)]] });
  writer.elided(work, 9, 1, 3, 6);
  writer.thread(0);
  writer.event({ kind: "line", frame: module, line: 2 });
  writer.elided(module, 2, 1, 2, 4);
  writer.event({ kind: "line", frame: generator, line: 5 });
  writer.outcome({ status: "ok" });
  return writer.bytes();
}

describe("a record of two threads", () => {
  const trace = new Trace(threadedRecord());

  test("tells on which thread each event happened", () => {
    expect(trace.threads).toEqual([0, 2]);
    expect(Array.from(trace.events(), (event) => event.thread)).toEqual([0, 0, 0, 2, 2, 0, 0]);
  });

  test("shows the frames of one thread, with their states, and all output", () => {
    const main = trace.ofThread(0);
    expect(main.threads).toEqual([0]);
    expect(Array.from(main.events(), ({ kind, function: name }) => `${kind} ${name}`)).toEqual([
      "call <module>",
      "call g",
      "yield g",
      "resume g",
      "line <module>",
      "line g",
    ]);
    expect(main.stateAt(5).get("n")?.repr).toBe("2");
    expect(main.stdout).toBe("two\n");
    expect([...main.elisions()]).toEqual([{ before: 5, frame: 0, loopLine: 2, first: 1, count: 2, events: 4 }]);
    expect(main.outcome.status).toBe("ok");
    const other = trace.ofThread(2);
    expect(Array.from(other.events(), ({ kind, frame }) => `${kind} ${frame}`)).toEqual(["call 2"]);
    expect(Array.from(other.elisions(), ({ before, frame }) => [before, frame])).toEqual([[1, 2]]);
    expect([...trace.ofThread(5).events()]).toEqual([]);
  });

  test("is shown whole as events, and by its main thread in a format of one sequence", () => {
    const program = programSchema.parse({ id: "a", code: "x = 1\ny = 2\n" });
    const row = (format: string, of: Trace): object | undefined => findRenderer(format).render(program, of)[0]?.row;
    expect(row("events", trace)).toMatchObject({
      events: [{ thread: 0 }, { thread: 0 }, { thread: 0 }, { thread: 2 }, { thread: 2 }, { thread: 0 }, { thread: 0 }],
    });
    expect(row("naive", trace)).toMatchObject({ threads: { shown: 0, recorded: 2 } });
    expect(row("naive", trace)).toEqual({
      ...row("naive", trace.ofThread(0)),
      threads: { shown: 0, recorded: 2 },
    });
  });
});

test("a record of one thread says nothing of threads", () => {
  const writer = new RecordWriter(12);
  writer.event({ kind: "call", frame: writer.frame(writer.code("<module>", 1)), line: 1 });
  writer.outcome({ status: "ok" });
  const trace = new Trace(writer.bytes());
  const program = programSchema.parse({ id: "a", code: "x = 1\n" });
  expect(trace.threads).toEqual([0]);
  expect(JSON.stringify(findRenderer("events").render(program, trace))).not.toContain("thread");
  expect(findRenderer("naive").render(program, trace)[0]?.row).not.toHaveProperty("threads");
});
