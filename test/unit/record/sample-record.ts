import { CODE_FLAGS } from "../../../src/record/trace/format.ts";
import { constantRef, floatRef, intRef, RecordWriter } from "../../../src/record/trace/writer.ts";

/** A record with every operation and the dump that it must have: the example of native/format/dump.md and more. */
export function sampleRecord(): { bytes: Uint8Array; dump: string } {
  const writer = new RecordWriter(11);
  const module = writer.code("<module>", 1, CODE_FLAGS.module);
  const code = writer.code("f", 3, CODE_FLAGS.entry);
  const frame0 = writer.frame(module);
  writer.event({ kind: "call", frame: frame0, line: 1 });
  writer.event({ kind: "line", frame: frame0, line: 1 });
  writer.output("stdout", "hi\n");
  const frame1 = writer.frame(code, frame0);
  const xs = writer.value({ type: "list", repr: "[1, 2]", identity: 1 });
  writer.event({
    kind: "call",
    frame: frame1,
    line: 3,
    changes: [
      ["x", intRef(1)],
      ["xs", xs],
    ],
  });
  writer.event({ kind: "line", frame: frame1, line: 4 });
  const s = writer.value({ type: "str", repr: "'ab'" });
  const big = writer.value({ type: "list", repr: "[0, 1, 2", cut: true, length: 1000, identity: 2 });
  const changes = [
    ["s", s],
    ["big", big],
    ["x", constantRef("unbound")],
  ] as const;
  writer.event({ kind: "line", frame: frame1, line: 5, changes });
  writer.event({ kind: "yield", frame: frame1, line: 5, value: intRef(3) });
  writer.event({ kind: "resume", frame: frame1, line: 5 });
  writer.event({
    kind: "exception",
    frame: frame1,
    line: 5,
    exception: { type: "ValueError", message: 'a "b"\\\u0001', value: s },
  });
  writer.elided(frame1, 4, 3, 97, 291);
  const failed = writer.value({ type: "Odd", repr: "<unreprable>", failed: true });
  const odd = [
    ["x", floatRef(-0.5)],
    ["y", constantRef("true")],
    ["z", failed],
    ["\ud800", constantRef("none")],
  ] as const;
  writer.event({ kind: "line", frame: frame1, line: 4, changes: odd });
  writer.event({ kind: "return", frame: frame1, line: 5, value: constantRef("none") });
  writer.event({ kind: "return", frame: frame0, line: 1 });
  writer.thread(1);
  const frame2 = writer.frame(writer.code("work", 8));
  writer.event({ kind: "call", frame: frame2, line: 8, changes: [["n", intRef(7)]] });
  writer.output("stderr", "é\t😀\udc00");
  const raised = writer.value({ type: "ValueError", repr: "ValueError('bad')", identity: 3 });
  writer.streamBytes("stdout", Uint8Array.of(0x68, 0xff, 0x22, 0xc3, 0xa9, 0xe2, 0x82));
  writer.outcome({
    status: "exception",
    result: intRef(-(2n ** 61n)),
    exception: { type: "ValueError", message: "bad", line: 5, value: raised },
    detail: "text",
    events: 300,
    lines: 150,
    stdoutBytes: 3,
  });
  return {
    bytes: writer.bytes(),
    dump: `record 2 python 3.11
call #0 <module>:1
line #0 <module>:1
output stdout "hi\\n"
call #1 f:3 parent #0 | x: int 1 | xs: list [1, 2] id=1
line #1 f:4
line #1 f:5 | s: str 'ab' | big: list [0, 1, 2 cut len=1000 id=2 | x: unbound
yield #1 f:5 -> int 3
resume #1 f:5
exception #1 f:5 !! ValueError "a \\"b\\"\\\\\\x01" -> str 'ab'
elided #1 loop 4 iterations 3 to 99 events 291
line #1 f:4 | x: float -0.5 | y: bool True | z: Odd <unreprable> failed | \\ud800: NoneType None
return #1 f:5 -> NoneType None
return #0 <module>:1 unwound
thread 1
call #2 work:8 | n: int 7
output stderr "é\\t😀\\udc00"
stream stdout "h\\xff\\"é\\xe2\\x82"
outcome exception events 300 lines 150 stdout 3 stderr 0 cpu 0 wall 0 | result: int -2305843009213693952 | \
exception: ValueError "bad" line 5 -> ValueError ValueError('bad') id=3 | detail: "text"
`,
  };
}
