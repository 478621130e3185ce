import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as format from "../../../src/record/trace/format.ts";
import { EVENT_KINDS, STATUSES } from "../../../src/record/trace/value.ts";

const header = readFileSync(new URL("../../../native/format/record.h", import.meta.url), "utf8");

/** Constants and enumerators of the header by name. */
function headerNumbers(): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const [, name, text] of header.matchAll(/\b(k[A-Z]\w+|[A-Z_]+) = ([0-9a-fx]+(?: << \d+)?)\s*[,;]/g)) {
    const [base = "", shift = "0"] = (text ?? "").split(" << ");
    numbers.set(name ?? "", Number(base) << Number(shift));
  }
  return numbers;
}

test("the numbers are those of record.h", () => {
  const numbers = headerNumbers();
  const ours: Record<string, number> = {
    kFormatVersion: format.FORMAT_VERSION,
    kRecordHeaderSize: format.RECORD_HEADER_SIZE,
    kRecordLoopsSkipped: format.RECORD_FLAGS.loopsSkipped,
    kEventBit: format.EVENT_BIT,
    kEventKindMask: format.EVENT_KIND_MASK,
    kEventOtherFrame: format.EVENT_OTHER_FRAME,
    kEventHasChanges: format.EVENT_HAS_CHANGES,
    kEventHasPayload: format.EVENT_HAS_PAYLOAD,
    kEventKindCount: format.EVENT_KIND_COUNT,
    kName: format.TAG.name,
    kType: format.TAG.type,
    kValue: format.TAG.value,
    kCode: format.TAG.code,
    kFrame: format.TAG.frame,
    kOutput: format.TAG.output,
    kElided: format.TAG.elided,
    kOutcome: format.TAG.outcome,
    kThread: format.TAG.thread,
    kStreamBytes: format.TAG.streamBytes,
    kCall: format.EVENT.call,
    kLine: format.EVENT.line,
    kReturn: format.EVENT.return,
    kYield: format.EVENT.yield,
    kResume: format.EVENT.resume,
    kValueCut: format.VALUE_FLAGS.cut,
    kValueHasLength: format.VALUE_FLAGS.hasLength,
    kValueHasIdentity: format.VALUE_FLAGS.hasIdentity,
    kValueFailed: format.VALUE_FLAGS.failed,
    kValueHasEnd: format.VALUE_FLAGS.hasEnd,
    kValueLiteral: format.VALUE_FLAGS.literal,
    kValueArrays: format.VALUE_FLAGS.arrays,
    kValueFlagsMask: format.VALUE_FLAGS.mask,
    kCodeModule: format.CODE_FLAGS.module,
    kCodeGenerator: format.CODE_FLAGS.generator,
    kCodeClassBody: format.CODE_FLAGS.classBody,
    kCodeLibrary: format.CODE_FLAGS.library,
    kCodeEntry: format.CODE_FLAGS.entry,
    kCodeFlagsMask: format.CODE_FLAGS.mask,
    kRefConstantCount: format.REF_CONSTANT_COUNT,
    kStatusCount: STATUSES.length,
    kOutcomeHasResult: format.OUTCOME_FLAGS.hasResult,
    kOutcomeHasException: format.OUTCOME_FLAGS.hasException,
    kOutcomeHasDetail: format.OUTCOME_FLAGS.hasDetail,
    kOutcomeFlagsMask: format.OUTCOME_FLAGS.mask,
  };
  expect(Object.fromEntries(Object.keys(ours).map((name) => [name, numbers.get(name)]))).toEqual(ours);
  expect(EVENT_KINDS).toHaveLength(format.EVENT_KIND_COUNT);
});

test("statuses and event kinds are in the order of record.h", () => {
  expect(enumerators("Status")).toEqual(STATUSES.map((status) => status.replaceAll("-", "")));
  expect(enumerators("EventKind")).toEqual([...EVENT_KINDS]);
});

function enumerators(name: string): string[] {
  const body = new RegExp(`enum class ${name} : uint8_t \\{([^}]*)\\}`).exec(header)?.[1] ?? "";
  return Array.from(body.matchAll(/k(\w+) = (\d+)/g))
    .sort((a, b) => Number(a[2]) - Number(b[2]))
    .map((match) => (match[1] ?? "").toLowerCase());
}
