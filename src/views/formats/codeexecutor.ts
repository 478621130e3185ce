import { ParseError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import { SourceStatements } from "../../python/statements.ts";
import type { Trace } from "../../record/trace/trace.ts";
import { RowSize } from "../text/row-size.ts";
import { valueText } from "../text/value-text.ts";
import { postLines } from "../walk/post-lines.ts";
import type { Renderer, View } from "./renderer.ts";
import { textRenderer } from "./text-row.ts";

const SEPARATOR = "<dictsep> ";

export const codeexecutorRenderer: Renderer = textRenderer(
  {
    name: "codeexecutor",
    title: "CodeExecutor's trace tokens: after every line all variables, lines from 0",
    example: "<line> <1> <state> s : 0 <dictsep> n : 3 </state>\n<output> 3",
    corrects: "strings keep their quotes and values their spaces, so that types can be told",
    skips: "<skipped> <3> <8>",
  },
  codeexecutorText,
);

function codeexecutorText(program: Program, trace: Trace, view: View): string {
  const size = new RowSize();
  const lines: string[] = [];
  /** Values come again with every line. */
  const spelled = new Map<string, string>();
  const spell = (text: string): string => {
    if (view.correct) return text;
    const known = spelled.get(text) ?? tokens(text);
    spelled.set(text, known);
    return known;
  };
  for (const { kind, line, state, exception, elision } of postLines(
    program,
    trace,
    new SourceStatements(program.code),
    view,
  )) {
    const bindings = Array.from(state, ([name, value]) => `${name} : ${spell(valueText(value, view))}`);
    const head = elision === null ? "" : `<skipped> <${elision.from}> <${elision.to}> `;
    const text =
      kind === "exception"
        ? `<line> <${line - 1}> <error> ${exception?.type ?? ""}`
        : `${head}<line> <${line - 1}> <state> ${bindings.map((binding) => `${binding} `).join(SEPARATOR)}</state>`;
    size.add(text.length);
    lines.push(text);
  }
  const { result } = trace.outcome;
  if (result !== null) lines.push(`<output> ${spell(valueText(result, view))}`);
  return lines.join("\n");
}

/** A value's repr as tokens: brackets and commas stand alone, strings lose their quotes (and so their type). */
export function tokens(repr: string): string {
  const found = repr.match(/'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|[[\](){},:]|[^\s[\](){},:'"]+|['"]/g) ?? [];
  return found.map((token) => (/^(?:'[\s\S]*'|"[\s\S]*")$/.test(token) ? token.slice(1, -1) : token)).join(" ");
}

export interface CodeexecutorLine {
  /** From 1; null: the output. */
  line: number | null;
  names: Map<string, string>;
  /** Of an exception its type, of an output its text. */
  text: string | null;
}

/** Names and the tokens of their values; what a string was is lost. Throws ParseError for other texts. */
export function parseCodeexecutor(text: string): CodeexecutorLine[] {
  const parts = text === "" ? [] : text.split(/\n(?=<(?:line|skipped)> <\d+> |<output> )/);
  return parts.map((part) => {
    if (part.startsWith("<output> ")) return { line: null, names: new Map(), text: part.slice("<output> ".length) };
    const [whole, number, error, state = ""] =
      /^(?:<skipped> <\d+> <\d+> )?<line> <(\d+)> (?:<error> (.*)|<state> ([\s\S]*)<\/state>)$/.exec(part) ?? [];
    if (whole === undefined) throw new ParseError("no-line", "a line of the trace has no <line> and <state>");
    const names = new Map<string, string>();
    for (const binding of state === "" ? [] : state.slice(0, -1).split(` ${SEPARATOR}`)) {
      const at = binding.indexOf(" : ");
      if (at < 1) throw new ParseError("no-binding", "a name and a value are expected in a state");
      names.set(binding.slice(0, at), binding.slice(at + 3));
    }
    return { line: Number(number) + 1, names, text: error ?? null };
  });
}
