import { ParseError, RenderError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import { SourceStatements } from "../../python/statements.ts";
import type { Trace } from "../../record/trace/trace.ts";
import type { Value } from "../../record/trace/value.ts";
import { RowSize } from "../text/row-size.ts";
import { valueText } from "../text/value-text.ts";
import { postLines } from "../walk/post-lines.ts";
import type { Renderer, View } from "./renderer.ts";
import { textRenderer } from "./text-row.ts";

const SEPARATOR = "<dictsep> ";
/** Values that are never shown. */
const SKIPPED_TYPES: ReadonlySet<string> = new Set(["map", "function", "builtin_function_or_method", "method"]);
const SET_TYPES: ReadonlySet<string> = new Set(["set", "frozenset"]);

export const llmexecutorStatesRenderer: Renderer = textRenderer(
  {
    name: "llmexecutor-states",
    title: "LLMExecutor's trace for comparison: typed states, lines from 0",
    example:
      "<line> <1> <state> b(int) : 3 <dictsep> s(str) : 'a' </state>\n<line> <4> <error> ValueError <info> too deep",
    corrects: "parameters are shown, and a set does not lose the whole trace",
    skips: "<skipped> <3> <8>",
  },
  statesText,
);

function statesText(program: Program, trace: Trace, view: View): string {
  const size = new RowSize();
  const lines: string[] = [];
  for (const post of postLines(program, trace, new SourceStatements(program.code), view)) {
    const bindings = Array.from(post.state)
      .filter(([name, value]) => shows(name, value, post.untouched, view))
      .map(([name, value]) => `${name}(${value.type}) : ${valueText(value, view)}`);
    const head = post.elision === null ? "" : `<skipped> <${post.elision.from}> <${post.elision.to}> `;
    const text =
      post.kind === "exception"
        ? `<line> <${post.line - 1}> <error> ${post.exception?.type ?? ""} <info> ${post.exception?.message ?? ""}`
        : `${head}<line> <${post.line - 1}> <state> ${bindings.map((binding) => `${binding} `).join(SEPARATOR)}</state>`;
    size.add(text.length);
    if (lines.at(-1) !== text) lines.push(text);
  }
  return lines.join("\n");
}

function shows(name: string, value: Value, untouched: ReadonlySet<string>, { correct }: View): boolean {
  if (SKIPPED_TYPES.has(value.type)) return false;
  if (correct) return true;
  if (SET_TYPES.has(value.type)) {
    throw new RenderError(
      "set-value",
      `The published tracer shows nothing of a run with a set (${name}); use --correct.`,
    );
  }
  return !untouched.has(name);
}

export interface LlmexecutorLine {
  /** From 1. */
  line: number;
  names: Map<string, { type: string; repr: string }>;
  error: { type: string; message: string } | null;
}

/** Throws ParseError for a text that is no such trace. */
export function parseLlmexecutorStates(text: string): LlmexecutorLine[] {
  const parts = text === "" ? [] : text.split(/\n(?=<(?:line|skipped)> <\d+> )/);
  return parts.map((part) => {
    const [whole, number, type, message, state = ""] =
      /^(?:<skipped> <\d+> <\d+> )?<line> <(\d+)> (?:<error> (\S*) <info> ([\s\S]*)|<state> ([\s\S]*)<\/state>)$/.exec(
        part,
      ) ?? [];
    if (whole === undefined) throw new ParseError("no-line", "a line of the trace has no <line> and <state>");
    const names = new Map<string, { type: string; repr: string }>();
    for (const binding of state === "" ? [] : state.slice(0, -1).split(` ${SEPARATOR}`)) {
      const parsed = /^([^\s(]+)\(([^()]*)\) : ([\s\S]*)$/.exec(binding);
      if (parsed === null) throw new ParseError("no-binding", "a name, a type and a value are expected in a state");
      names.set(parsed[1] as string, { type: parsed[2] as string, repr: parsed[3] as string });
    }
    return { line: Number(number) + 1, names, error: type === undefined ? null : { type, message: message ?? "" } };
  });
}
