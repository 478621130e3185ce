// ExecVerify's rows for reinforcement learning: questions about the next line and about values, made of its trace events by
// its published rules, faults included; or of statements' visits, by ours.

import { RenderError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import { LiteralError, parseLiteral } from "../../python/literal.ts";
import { type ExecverifyEvent, execverifyEvents } from "../formats/execverify.ts";
import { WHOLE } from "../formats/renderer.ts";
import { answerText } from "../text/answer.ts";
import { callParts } from "../walk/target.ts";
import type { Question } from "./question.ts";
import { Random } from "./random.ts";
import type { QuestionRun } from "./run.ts";
import { chooseQuestions } from "./select.ts";

/** Of each of its two kinds of questions. */
const MOST = 5;
const LEAST_CHARS = 5;

export interface ExecverifyRlRow {
  id: string;
  func_str: string;
  func_name: string;
  func_args: string;
  result: string;
  prompt_str: string;
  questions: { path_questions: string[]; state_questions: string[] };
  question_answers: { path_answers: string[][]; state_as: [type: string, value: string][][] };
  type: "io_mixed";
  trace_events: ExecverifyEvent[];
}

/** A question's text with every answer that is taken. */
type Asked<Answer> = Map<string, Answer[]>;

/** `correct`: by our rules. Throws RenderError for a run that gives nothing. */
export function execverifyRlRow(run: QuestionRun, correct: boolean): ExecverifyRlRow {
  const { program, trace } = run;
  const call = callParts(program.entry);
  const result = answerText(trace);
  if (call === null || result === null)
    throw new RenderError("no-target", "The program is not called, or gives nothing.");
  const events = execverifyEvents(program, trace, { ...WHOLE, correct });
  const { path, state } = correct ? corrected(run) : published(program, events);
  return {
    id: program.id,
    func_str: program.code,
    func_name: call.name,
    func_args: call.args,
    result,
    prompt_str: promptOf(program, [...path.keys(), ...state.keys()]),
    questions: { path_questions: [...path.keys()], state_questions: [...state.keys()] },
    question_answers: { path_answers: [...path.values()], state_as: [...state.values()] },
    type: "io_mixed",
    trace_events: events,
  };
}

interface Both {
  readonly path: Asked<string>;
  readonly state: Asked<[string, string]>;
}

function published(program: Program, events: readonly ExecverifyEvent[]): Both {
  const lines = program.code.split("\n");
  const random = new Random(program.id);
  const some = <A>(asked: Asked<A>): Asked<A> => new Map(random.shuffled([...asked]).slice(0, MOST));
  return { path: some(pathQuestions(lines, program, events)), state: some(stateQuestions(lines, program, events)) };
}

/** Every event of a line counts as a run of it, those of calls and returns too. */
function pathQuestions(
  lines: readonly string[],
  { entry }: Program,
  events: readonly ExecverifyEvent[],
): Asked<string> {
  const asked: Asked<string> = new Map();
  const runs = new Map<number, number>();
  for (const [i, { line_no: line }] of events.entries()) {
    if (line === undefined) continue;
    const nth = (runs.get(line) ?? 0) + 1;
    runs.set(line, nth);
    const text = lines[line - 1] ?? "";
    if (isLeftOut(text)) continue;
    const next = events[i + 1]?.line_no;
    const following = next === undefined ? "" : (lines[next - 1] ?? "");
    const branches = /if|for|while|elif/.test(text) || /if|for|while|elif/.test(following) || next !== line + 1;
    if (next === line || !branches) continue;
    add(asked, pathText(line, text, entry, nth), next === undefined ? "-1" : following);
  }
  for (const [i, text] of lines.entries()) {
    if (!runs.has(i + 1) && !isLeftOut(text)) add(asked, pathText(i + 1, text, entry, 1), "-1");
  }
  return asked;
}

/** What neighbouring events of one frame differ in; the last line of a loop is taken for its end. */
function stateQuestions(
  lines: readonly string[],
  { entry }: Program,
  events: readonly ExecverifyEvent[],
): Asked<[string, string]> {
  const asked: Asked<[string, string]> = new Map();
  const runs = new Map<number, number>();
  for (const [i, event] of events.entries()) {
    const { line_no: line, frame_id: frame, locals = {} } = event;
    if (line === undefined) continue;
    const nth = (runs.get(line) ?? 0) + 1;
    runs.set(line, nth);
    const next = events[i + 1];
    if (next?.line_no === undefined || next.frame_id !== frame || next.locals === undefined) continue;
    const text = lines[line - 1] ?? "";
    if (/for |while /.test(text) && next.line_no !== line + 1) continue;
    for (const [name, value] of Object.entries(next.locals)) {
      if (locals[name] === value) continue;
      const question = `Is line ${line} (\`${text}\`) executed when \`${entry}\` runs? If so, what are the value and type of \`${name}\` after it has been executed for the ${nth} time?`;
      add(asked, question, publishedType(value));
    }
  }
  return asked;
}

/** As evaluated without builtins: what needs a name to be written is taken for a text. */
function publishedType(text: string): [type: string, value: string] {
  const bare = text.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "");
  if (/\b(?:set|frozenset)\(|\b(?:inf|nan|Ellipsis)\b/.test(bare)) return ["str", text];
  try {
    const value = parseLiteral(text);
    if (value.type === "str") return ["str", value.value];
    const known = ["int", "float", "bool", "complex", "str", "list", "tuple", "dict", "set"].includes(value.type);
    return [known ? value.type : "object", text];
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
    return ["str", text];
  }
}

function isLeftOut(text: string): boolean {
  return text.trim().startsWith("else") || text.trim().length <= LEAST_CHARS;
}

function pathText(line: number, text: string, entry: string | null, nth: number): string {
  return `When \`${entry}\` runs, which line is executed right after line ${line} (\`${text}\`) has been executed for the ${nth} time?`;
}

function add<A>(asked: Asked<A>, question: string, answer: A): void {
  const answers = asked.get(question) ?? [];
  const known = answers.some((one) => JSON.stringify(one) === JSON.stringify(answer));
  if (!known) asked.set(question, [...answers, answer]);
}

/** The same two kinds by our rules; next lines are given by their text, as the format has them. */
function corrected(run: QuestionRun): Both {
  const choose = (kind: "path" | "state"): Question[] =>
    chooseQuestions({ run, other: null }, { kinds: [kind], perProgram: MOST, seed: 0 });
  const path: Asked<string> = new Map();
  for (const { prompt, answers } of choose("path")) {
    path.set(
      prompt,
      answers.map(({ text }) => (/^\d+$/.test(text) ? (run.source.statements.lines[Number(text) - 1] ?? "") : "-1")),
    );
  }
  const state: Asked<[string, string]> = new Map();
  for (const { prompt, answers } of choose("state")) {
    state.set(
      prompt,
      answers.map(({ text, type }): [string, string] => [type ?? "Nil", text]),
    );
  }
  return { path, state };
}

function promptOf({ code, entry }: Program, questions: readonly string[]): string {
  const numbered = code.split("\n").map((line, i) => `${i + 1}\t${line}`);
  const asked = [`Complete the assertion: assert ${entry?.trim()} == ??`, ...questions];
  const rules =
    "Answer a question about the next line with the line itself, or with -1; one about a value with `value; type`, or with Nil. Give your reasoning between <reasoning> and </reasoning>, then one answer per line between <answer> and </answer>.";
  return [...numbered, "", ...asked.map((question, i) => `Question${i + 1}: ${question}`), "", rules].join("\n");
}
