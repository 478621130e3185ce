import { ByteCursor } from "../../record/trace/byte-cursor.ts";
import { STREAM, TAG } from "../../record/trace/format.ts";
import type { Trace } from "../../record/trace/trace.ts";
import type { QuestionMaker } from "./kind.ts";
import { visitAsk } from "./path.ts";
import { LINE_RULE, running, whenRun } from "./words.ts";

const MOST_CHARS = 400;

/** What has been printed so far. */
export const stdoutMaker: QuestionMaker = {
  kind: "stdout",
  title: "what has been printed when a line has run",
  *asks({ run }) {
    if (run.trace.outcome.stdoutBytes === 0) return;
    for (const visit of run.drawn) if (/\bprint\b/.test(run.source.text(visit.statement))) yield visitAsk(visit);
  },
  answer({ run }, ask) {
    const visit = run.visit(ask);
    if (visit === undefined) return "the line does not run so often";
    if (visit.after < 0 || visit.suspended) return "the line never ended, or others ran before it did";
    const text = printedBefore(run.trace, visit.after);
    if (text === null) return "the program writes past Python's own output";
    if (text.length > MOST_CHARS) return `more than ${MOST_CHARS} characters were printed`;
    if (/\b0x[0-9a-f]{6,}/i.test(text)) return "what is printed holds an address";
    return {
      ask: visitAsk(visit),
      prompt: `${running(run)} What has the program printed, from its start, right after ${whenRun(visit)}? Answer with the text exactly, and nothing else. ${LINE_RULE}`,
      form: "text",
      answers: [{ text }],
      proof: "what the record has of stdout before the frame went on",
      chance: text === "" ? 0.2 : 0,
      about: `stdout/${visit.event}`,
      tells: [`coverage/${visit.line}`, "stdout/"],
    };
  },
};

/** null: bytes reached stdout in another way than through Python's own stream, so that their place is not known. */
export function printedBefore(trace: Trace, event: number): string | null {
  const { index } = trace.decoder;
  const cursor = new ByteCursor(index.bytes);
  const parts: Uint8Array[] = [];
  for (let i = 0; i < index.asideTag.length; i++) {
    const tag = index.asideTag.at(i);
    if (tag !== TAG.output && tag !== TAG.streamBytes) continue;
    cursor.at = index.asideOffset.at(i);
    if (cursor.byte("a stream") !== STREAM.stdout) continue;
    if (tag === TAG.streamBytes) return null;
    if (index.asideEvent.at(i) > event) continue;
    const start = cursor.span("bytes");
    parts.push(index.bytes.subarray(start, cursor.at));
  }
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(whole);
  } catch {
    return null;
  }
}
