import fc from "fast-check";
import { expect, test } from "vitest";
import { floatRepr } from "../../../src/python/float-repr.ts";
import { REF_INT_MAX, REF_INT_MIN } from "../../../src/record/trace/format.ts";
import { Trace } from "../../../src/record/trace/trace.ts";
import type { EventKind } from "../../../src/record/trace/value.ts";
import { constantRef, floatRef, intRef, RecordWriter, type Ref } from "../../../src/record/trace/writer.ts";

/** UTF-16 units without rules: lone surrogates are wanted. */
const text = fc
  .string({ unit: "binary" })
  .chain((whole) =>
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 4 })
      .map((units) => whole + String.fromCharCode(...units)),
  );

const value = fc.oneof(
  fc.record({ kind: fc.constant("int" as const), int: fc.bigInt({ min: REF_INT_MIN, max: REF_INT_MAX }) }),
  fc.record({ kind: fc.constant("small" as const), int: fc.bigInt({ min: -300n, max: 300n }) }),
  fc.record({ kind: fc.constant("float" as const), float: fc.double() }),
  fc.record({ kind: fc.constantFrom("none" as const, "true" as const, "unbound" as const) }),
  fc.record({
    kind: fc.constant("value" as const),
    type: text,
    repr: text,
    cut: fc.boolean(),
    hasEnd: fc.boolean(),
    failed: fc.boolean(),
    shown: fc.constantFrom(
      { literal: false, arrays: null },
      { literal: true, arrays: null },
      { literal: false, arrays: "exact" as const },
      { literal: false, arrays: "rounded" as const },
    ),
    length: fc.option(fc.maxSafeInteger()),
    identity: fc.option(fc.maxSafeNat()),
  }),
);

const event = fc.record({
  frame: fc.integer({ min: 0, max: 3 }),
  kind: fc.constantFrom<EventKind>("call", "line", "return", "yield", "resume", "exception"),
  line: fc.integer({ min: 0, max: 0x7fff_ffff }),
  changes: fc.uniqueArray(fc.tuple(fc.constantFrom("a", "b", "é", "\ud800", "__proto__", "名"), value), {
    selector: ([name]) => name,
  }),
  payload: value,
});

interface Expected {
  type: string;
  repr: string;
}

function encode(
  writer: RecordWriter,
  input: typeof value extends fc.Arbitrary<infer T> ? T : never,
): [Ref, Expected | null] {
  switch (input.kind) {
    case "int":
    case "small":
      return [intRef(input.int), { type: "int", repr: String(input.int) }];
    case "float":
      return [floatRef(input.float), { type: "float", repr: floatRepr(input.float) }];
    case "none":
      return [constantRef("none"), { type: "NoneType", repr: "None" }];
    case "true":
      return [constantRef("true"), { type: "bool", repr: "True" }];
    case "unbound":
      return [constantRef("unbound"), null];
    default: {
      const { type, repr, cut, hasEnd, failed, shown } = input;
      const optional = {
        ...(input.length === null ? {} : { length: input.length }),
        ...(input.identity === null ? {} : { identity: input.identity }),
      };
      const ref = writer.value({ type, repr, cut, hasEnd, failed, ...shown, ...optional });
      const { length, identity } = input;
      return [
        ref,
        { type, repr: cut && !hasEnd ? `${repr}...` : repr, ...{ cut, failed, ...shown, length, identity } },
      ];
    }
  }
}

test("what is written is read", () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 12 }), text, (events, output) => {
      const writer = new RecordWriter(12);
      const code = writer.code("f", 10);
      for (let i = 0; i < 4; i++) writer.frame(code, i === 0 ? null : i - 1);
      const states = [0, 1, 2, 3].map(() => new Map<string, Expected | null>());
      const expected = events.map((input) => {
        const state = states[input.frame] as Map<string, Expected | null>;
        const changes = input.changes.map(([name, change]): [string, Ref] => {
          const [ref, plain] = encode(writer, change);
          state.set(name, plain);
          return [name, ref];
        });
        const [payload, payloadText] = encode(writer, input.payload);
        const { frame, kind, line } = input;
        const carries = kind === "return" || kind === "yield";
        const raised = kind === "exception" ? { exception: { type: "E", message: output } } : {};
        writer.event({ frame, kind, line, changes, ...(carries ? { value: payload } : {}), ...raised });
        const bound = Array.from(state).filter((entry) => entry[1] !== null);
        return { frame, kind, line, value: carries ? payloadText : null, bound };
      });
      writer.output("stdout", output);
      writer.outcome({ status: "ok" });

      const trace = new Trace(writer.bytes());
      const read = [...trace.events()].map(({ frame, kind, line, value: returned, index }) => ({
        frame,
        kind,
        line,
        value: returned,
        bound: Array.from(trace.stateAt(index)),
      }));
      expect(read).toMatchObject(expected);
      const cursor = trace.cursor();
      const walked: [string, unknown][][] = [];
      while (cursor.next()) walked.push(Array.from(cursor.bound.values(trace.decoder)));
      const returned = new Set<number>();
      for (const [i, { frame, kind, bound }] of expected.entries()) {
        // A cursor forgets a frame that returned; what only a hostile record has after that is not compared.
        if (!returned.has(frame)) expect(walked[i]).toMatchObject(bound);
        if (kind === "return") returned.add(frame);
      }
      expect(trace.stdout).toBe(output);
    }),
  );
});
