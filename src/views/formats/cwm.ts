import { ParseError, RenderError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import { SourceStatements } from "../../python/statements.ts";
import { CODE_FLAGS } from "../../record/trace/format.ts";
import type { Trace } from "../../record/trace/trace.ts";
import { exceptionRepr } from "../text/exception-repr.ts";
import { RowSize } from "../text/row-size.ts";
import { shortened, valueText } from "../text/value-text.ts";
import { type ShownEvent, shownEvents } from "../walk/shown-events.ts";
import { targetCodes } from "../walk/target.ts";
import type { Renderer, View } from "./renderer.ts";
import { textRenderer } from "./text-row.ts";

const BEGIN = "<|begin_of_text|><|trace_context_start|>";
const END = "<|end_of_text|>";
const FRAME = "<|frame_sep|>";
const ACTION = "<|action_sep|>";
const ARG = "<|arg_sep|>";
const MARKER = "  # << START_OF_TRACE";
const UNCHANGED = "..";
const SPECIAL =
  /<\|(?:begin_of_text|end_of_text|trace_context_start|frame_sep|action_sep|arg_sep|call_sep|line_sep|return_sep|exception_sep)\|>/;

export const cwmRenderer: Renderer = textRenderer(
  {
    name: "cwm",
    title: "CWM's trace frames with its special tokens; '..' stands for a value that did not change",
    example: `<|call_sep|>{"n": "3"}<|action_sep|>def f(n):\\n<|frame_sep|>
<|line_sep|>{"n": ".."}<|action_sep|>    s = 0\\n<|frame_sep|>`,
    corrects: null,
    skips: "<|action_sep|>... iterations 3 to 8 of line 3",
  },
  cwmText,
);

function cwmText(program: Program, trace: Trace, view: View): string {
  const { decoder } = trace;
  const { index } = decoder;
  const targets = targetCodes(program, trace);
  const statements = new SourceStatements(program.code);
  const size = new RowSize();
  const parts: string[] = [];
  /** By frame. */
  const texts = new Map<number, Map<string, string>>();
  let start = 0;
  for (const event of shownEvents(trace, statements, view)) {
    const code = index.frameCode.at(event.frame);
    // The trace starts with the call of the marked function, and has no frames of the module around it.
    if (start === 0 && targets[code] === 1) start = index.codeFirstLine.at(code);
    if (start === 0 || (index.codeFlags.at(code) & CODE_FLAGS.module) !== 0) continue;
    const known = texts.get(event.frame) ?? new Map<string, string>();
    texts.set(event.frame, known);
    const part = frameText(event, known, statements, view);
    size.add(part.length);
    parts.push(part);
    if (event.kind === "return") texts.delete(event.frame);
  }
  const source = marked(statements, start);
  return `${BEGIN}${plain(source)}${FRAME}${parts.join("")}${END}`;
}

/** One frame, or what says that frames are left out. `known` becomes what is bound. */
function frameText(event: ShownEvent, known: Map<string, string>, statements: SourceStatements, view: View): string {
  const changed = new Set<string>();
  for (const [name, value] of event.changes) {
    if (value === null) {
      known.delete(name);
      continue;
    }
    const text = valueText(value, view);
    if (known.get(name) !== text) changed.add(name);
    known.set(name, text);
  }
  // Frames have no names in the text: what goes on after a yield is shown whole.
  if (event.kind === "resume") for (const name of known.keys()) changed.add(name);
  const source = `${ACTION}${plain(statements.lines[event.line - 1] ?? "")}\n`;
  if (event.elided !== null) {
    const { line, from, to } = event.elided;
    const left = plain(`... iterations ${from} to ${to} of line ${line}`);
    return `<|line_sep|>${locals(known, changed)}${ACTION}${left}\n${FRAME}`;
  }
  switch (event.kind) {
    case "call":
    case "resume":
      return `<|call_sep|>${locals(known, changed)}${source}${FRAME}`;
    case "line":
      return `<|line_sep|>${locals(known, changed)}${source}${FRAME}`;
    case "exception":
      return `<|exception_sep|>${source}${ARG}${pythonJson(raised(event, view))}${FRAME}`;
    default:
      // A frame that an exception left returns None, as the interpreter reports it.
      return `<|return_sep|>${source}${ARG}${pythonJson(event.value === null ? "None" : valueText(event.value, view))}${FRAME}`;
  }
}

function raised({ exception }: ShownEvent, view: View): string {
  return shortened(exceptionRepr(exception ?? { type: "Exception", message: "", value: null }), view);
}

function locals(known: ReadonlyMap<string, string>, changed: ReadonlySet<string>): string {
  const members = Array.from(
    known,
    ([name, text]) => `${pythonJson(name)}: ${pythonJson(changed.has(name) ? text : UNCHANGED)}`,
  );
  return `{${members.join(", ")}}`;
}

/** A JSON string as Python's json module writes it: ASCII only. */
function pythonJson(text: string): string {
  // Names, numbers and "..": most of what is written.
  if (/^[\w.]*$/.test(text)) return `"${text}"`;
  return plain(JSON.stringify(text)).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Throws RenderError for a text that has one of the format's tokens in it: nobody could tell them apart. */
function plain(text: string): string {
  if (!SPECIAL.test(text)) return text;
  throw new RenderError("special-token", "The program or a value contains one of CWM's special tokens.");
}

function marked(statements: SourceStatements, start: number): string {
  // Decorators come before the line with the name.
  let line = start;
  while (/^\s*@/.test(statements.lines[line - 1] ?? "")) line = (statements.at(line)?.last ?? line) + 1;
  return statements.lines.map((text, i) => (i + 1 === line ? text + MARKER : text)).join("\n");
}

export interface CwmFrame {
  event: "call" | "line" | "return" | "exception";
  /** As written: ".." for values that did not change. */
  locals: Map<string, string> | null;
  source: string;
  arg: string | null;
}

/** The program and the frames. Throws ParseError for a text that is no such trace. */
export function parseCwm(text: string): { source: string; frames: CwmFrame[] } {
  if (!text.startsWith(BEGIN) || !text.endsWith(`${FRAME}${END}`)) {
    throw new ParseError("no-trace", "the trace does not begin or end as one");
  }
  const [source = "", ...frames] = text.slice(BEGIN.length, -(FRAME.length + END.length)).split(FRAME);
  return { source, frames: frames.map(readFrame) };
}

function readFrame(text: string): CwmFrame {
  const [whole, event, names, rest = ""] =
    /^<\|(call|line|return|exception)_sep\|>([\s\S]*?)<\|action_sep\|>([\s\S]*)$/.exec(text) ?? [];
  if (whole === undefined) throw new ParseError("no-frame", "a frame has no event or no action");
  const at = rest.indexOf(ARG);
  const hasArg = event === "return" || event === "exception";
  if (at >= 0 !== hasArg) throw new ParseError("no-frame", `a ${event} frame has ${hasArg ? "no" : "an"} argument`);
  return {
    event: event as CwmFrame["event"],
    locals: hasArg ? null : readLocals(names ?? ""),
    source: hasArg ? rest.slice(0, at) : rest,
    arg: hasArg ? jsonText(rest.slice(at + ARG.length)) : null,
  };
}

function readLocals(json: string): Map<string, string> {
  const value = parseJson(json);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ParseError("no-locals", "the variables of a frame are no JSON object");
  }
  const members = Object.entries(value);
  for (const [name, member] of members) {
    if (typeof member !== "string") throw new ParseError("no-locals", `the value of ${name} is no JSON string`);
  }
  return new Map(members as [string, string][]);
}

function jsonText(json: string): string {
  const value = parseJson(json);
  if (typeof value !== "string") throw new ParseError("no-argument", "an argument is no JSON string");
  return value;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new ParseError("no-json", "a part of a frame is no JSON", { cause });
  }
}
