import type { Draft } from "./kind.ts";
import type { Question, QuestionKind } from "./question.ts";
import type { QuestionRun } from "./run.ts";

export function questionOf(run: QuestionRun, kind: QuestionKind, draft: Draft, id: string): Question {
  const { program } = run;
  const { ask, prompt, form, answers, open = false, proof, chance, policy = {} } = draft;
  return {
    id,
    program: program.id,
    code: program.code,
    // The call is what `input` asks for.
    ...(program.entry === null || kind === "input" ? {} : { call: program.entry.trim() }),
    ...(program.stdin === undefined || program.stdin === "" ? {} : { stdin: program.stdin }),
    kind,
    ask,
    prompt,
    form,
    answers: [...answers],
    unique: !open,
    proof,
    chance,
    policy,
    features: run.features,
    leak: answers.some(({ text }) => leaks(text, draft, program.entry)),
  };
}

/** Forms whose answers are values: others are numbers and words that every prompt has. */
const VALUES: ReadonlySet<string> = new Set(["literal", "value-type", "assertion"]);

/** Whether the answer stands beside what is asked: among what the call is given, or as a part of the given state. */
function leaks(text: string, { form, ask }: Draft, entry: string | null): boolean {
  if (!VALUES.has(form)) return false;
  return hasToken(entry ?? "", text) || Object.values(ask.given ?? {}).some((value) => value === text);
}

function hasToken(text: string, token: string): boolean {
  for (let at = text.indexOf(token); at >= 0; at = text.indexOf(token, at + 1)) {
    const around = `${text[at - 1] ?? " "}${text[at + token.length] ?? " "}`;
    if (!/[\p{L}\p{N}_.]/u.test(around)) return true;
  }
  return false;
}
