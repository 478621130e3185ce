// LLMExecutor's training rows: one step of a program each, from the state before a line to the state after it.

import { ParseError, RenderError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import { forEachTopLevel } from "../../python/bindings.ts";
import { isLiteral } from "../../python/literal.ts";
import { SourceStatements } from "../../python/statements.ts";
import { stringRepr } from "../../python/string-repr.ts";
import type { Trace } from "../../record/trace/trace.ts";
import { RowSize } from "../text/row-size.ts";
import { type LineStep, lineSteps } from "../walk/steps.ts";
import { unfinished } from "../walk/unfinished.ts";
import { type Rendered, type Renderer, type View, WHOLE } from "./renderer.ts";

export interface LlmexecutorRow {
  id: string;
  prompt: string;
  output: string;
}

interface StepFormat {
  readonly analysis: boolean;
}

export const llmexecutorSftRenderer: Renderer = stepRenderer(
  { analysis: true },
  {
    name: "llmexecutor-sft",
    title: "LLMExecutor's single steps, a row each: line, analysis, state after it, next line",
    example:
      "Line: 2\\nAnalysis: Line 2 runs; s is now 0.\\nCheck: {'n': 3, 's': 0}\\nNext statement:3\nLine: 6\\nAnalysis: Line 6 raises ValueError.\\nCheck: ValueError\\nNext statement:error",
  },
);

export const llmexecutorSwaRenderer: Renderer = stepRenderer(
  { analysis: false },
  {
    name: "llmexecutor-swa",
    title: "LLMExecutor's single steps without analysis, a row each",
    example:
      "Line: 2\\nCheck: {'n': 3, 's': 0}\\nNext statement:3\nLine: 7\\nCheck: {'n': 3, 's': 3}\\nNext statement:completion",
  },
);

function stepRenderer(
  format: StepFormat,
  { name, title, example }: Pick<Renderer, "name" | "title" | "example">,
): Renderer {
  return {
    name,
    title,
    example,
    corrects: null,
    skips: "nothing: their steps have no rows",
    extension: ".jsonl",
    many: true,
    render: (program: Program, trace: Trace, view: View = WHOLE) =>
      stepRows(program, trace, view, format).map(rendered),
  };
}

function rendered(row: LlmexecutorRow): Rendered<LlmexecutorRow> {
  const { prompt, output } = row;
  return { row, said: () => ({ system: null, user: prompt, answer: output, trace: output, result: null }) };
}

function stepRows(program: Program, trace: Trace, view: View, format: StepFormat): LlmexecutorRow[] {
  const statements = new SourceStatements(program.code);
  const code = statements.lines.map((line, i) => `<line ${i + 1}> ${line}`).join("\n");
  const size = new RowSize();
  const literals = new Literals();
  const rows: LlmexecutorRow[] = [];
  for (const step of lineSteps(trace, statements, view)) {
    const prompt = stepPrompt(code, (statements.lines[step.line - 1] ?? "").trim(), step, literals, format);
    const output = stepOutput(step, literals, format);
    size.add(prompt.length + output.length);
    rows.push({ id: `${program.id}#${rows.length + 1}`, prompt, output });
  }
  if (rows.length === 0 && trace.outcome.status !== "ok") throw unfinished(trace.outcome);
  if (rows.length === 0) throw new RenderError("no-steps", "No line of a function ran: there is no step to show.");
  return rows;
}

function stepPrompt(code: string, text: string, step: LineStep, literals: Literals, { analysis }: StepFormat): string {
  const ask = analysis ? "explain what it does, give the state after it" : "give the state after it";
  return `Code:
${code}
Current program state: the next statement to execute is line ${step.line}, ${stringRepr(text)}, and the variables are ${literals.dict(step.before)}.
Number of subsequent executed statements: 1
Execute the statement, ${ask} and name the next statement to execute (its line, error or completion).`;
}

function stepOutput(step: LineStep, literals: Literals, { analysis }: StepFormat): string {
  const check = step.error === null ? literals.dict(step.after) : step.error;
  const next = step.error === null ? (step.next ?? "completion") : "error";
  const explained = analysis ? `Analysis: ${explanation(step)}\n` : "";
  return `Line: ${step.line}\n${explained}Check: ${check}\nNext statement:${next}`;
}

/** In words, from the recording alone. */
function explanation({ line, before, after, error, next }: LineStep): string {
  if (error !== null) return `Line ${line} raises ${error}.`;
  const changed = Array.from(after).filter(([name, text]) => before.get(name) !== text);
  const gone = Array.from(before.keys()).filter((name) => !after.has(name));
  const facts = [
    ...changed.map(([name, text]) => `${name} is now ${text}`),
    ...gone.map((name) => `${name} is no longer bound`),
  ];
  const effect = facts.length === 0 ? "no variable changes" : facts.join(", ");
  return `Line ${line} runs; ${effect}. ${next === null ? "The function is complete" : `Line ${next} is next`}.`.replace(
    /\n/g,
    " ",
  );
}

/** Which values are literals: a reader that evaluates literals can take no others. Most of a step are the last one's. */
class Literals {
  readonly #known: Map<string, boolean> = new Map();

  /** A dict literal of the values that are such. */
  dict(state: ReadonlyMap<string, string>): string {
    const members = Array.from(state).filter(([, text]) => this.#has(text));
    return `{${members.map(([name, text]) => `${stringRepr(name)}: ${text}`).join(", ")}}`;
  }

  #has(text: string): boolean {
    let known = this.#known.get(text);
    if (known === undefined) {
      known = isLiteral(text);
      this.#known.set(text, known);
    }
    return known;
  }
}

/** What a reply says. */
export interface StepReply {
  line: number;
  analysis: string | null;
  /** null: the statement raised. */
  state: Map<string, string> | null;
  error: string | null;
  next: number | "completion" | "error";
}

/** A reply to a step prompt. Throws ParseError for any other text, one with two steps included. */
export function parseStepReply(reply: string): StepReply {
  const [whole, line, analysis, check = "", next = ""] =
    /^\s*Line:\s*(\d+)\n(?:Analysis: ([^\n]*)\n)?Check: ([^\n]*)\nNext statement:\s*(\d+|[Cc]ompletion|error)\s*$/.exec(
      reply,
    ) ?? [];
  if (whole === undefined) throw new ParseError("no-step", "the reply is not one step: Line, Check and Next statement");
  const place = /^\d+$/.test(next) ? Number(next) : (next.toLowerCase() as "completion" | "error");
  const step = { line: Number(line), analysis: analysis ?? null, next: place };
  if (/^[A-Za-z_][\w.]*$/.test(check)) return { ...step, state: null, error: check };
  if (!check.startsWith("{") || !isLiteral(check)) throw new ParseError("no-state", "Check is no dict of literals");
  return { ...step, state: readDict(check), error: null };
}

/** The members of a dict literal whose keys are plain texts. */
function readDict(text: string): Map<string, string> {
  const members = new Map<string, string>();
  for (let rest = text.slice(1, -1); rest !== ""; ) {
    const [head, , name = ""] = /^(['"])([^'"\\]*)\1: /.exec(rest) ?? [];
    if (head === undefined) throw new ParseError("no-state", "Check is no dict with names for keys");
    const value = rest.slice(head.length);
    let end = value.length;
    forEachTopLevel(value, (at) => {
      if (value.startsWith(", ", at)) end = at;
      return end === value.length;
    });
    members.set(name, value.slice(0, end));
    rest = value.slice(end + 2);
  }
  return members;
}
