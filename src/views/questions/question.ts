import { z } from "zod";

/** Every kind of question that can be asked of a run, in the order in which they are listed. */
export const QUESTION_KINDS = [
  "output",
  "path",
  "state",
  "type",
  "coverage",
  "lines",
  "count",
  "stdout",
  "exception",
  "branch",
  "call",
  "step",
  "alias",
  "input",
  "backward",
  "debug",
  "differ",
] as const;

export type QuestionKind = (typeof QUESTION_KINDS)[number];

/**
 * How an answer is written. `literal`: a Python literal. `value-type`: a literal and the name of its type, or Nil.
 * `line`: a line number, or a word of ENDINGS. `lines`: line numbers in order. `assertion`: `assert CALL == LITERAL`.
 * `call`: a call with literal arguments. `step`: a tuple of the state, a dict by name, and of
 * what comes next, a str: a line's number, `return`, `end` or the type of an exception. `error`: the name of an exception's
 * type, or `none`. `edges`: a list of tuples (caller, called). `text`: the text itself.
 */
export const ANSWER_FORMS = [
  "literal",
  "value-type",
  "line",
  "lines",
  "yes-no",
  "number",
  "assertion",
  "call",
  "step",
  "error",
  "edges",
  "text",
] as const;

export type AnswerForm = (typeof ANSWER_FORMS)[number];

/**
 * What may stand where a line is asked for and none comes: the function returns, the program ends, an exception leaves the
 * call, nothing of what was asked for runs.
 */
export const ENDINGS = ["return", "end", "raise", "none"] as const;

/** What a name that holds nothing is answered with. */
export const UNBOUND = "Nil";

/** What is asked about: a program and these fields say the question without its words. */
export interface Ask {
  line?: number | undefined;
  /** How often the line has run, from 1, in the frame where there is one, else in the whole run. */
  visit?: number | undefined;
  name?: string | undefined;
  /** A second name, of `alias`. */
  other?: string | undefined;
  /** Qualified name; of `path`, `state` and their like the function whose lines are meant. */
  function?: string | undefined;
  /** Ordinal of the activation of `function`, from 1. */
  frame?: number | undefined;
  /** Of `debug`: what the debugger is told. */
  command?: "into" | "over" | "out" | "continue" | undefined;
  /** The breakpoint of `continue`. */
  breakpoint?: number | undefined;
  /** Within a kind: `iterations`, `calls`, `visits`; `arguments`, `return`, `edges`; the words of its file. */
  what?: string | undefined;
  /** A state that the question gives, by name. */
  given?: Record<string, string> | undefined;
  /** Another call, of `differ`. */
  call?: string | undefined;
}

/** One accepted answer: a Python literal, a line number, a word, as the form of the question has it. */
export interface Answer {
  text: string;
  /** `type(x).__name__` of a literal. */
  type?: string | undefined;
}

/** How answers are compared where that is not the exact, typed comparison. */
export interface Policy {
  /** Relative and absolute difference of floats that is still equal. */
  tolerance?: number | undefined;
  numpy?: boolean | undefined;
  /** The order of lines, pairs or items says nothing. */
  orderless?: boolean | undefined;
}

/** What makes a question hard: counts of the run it is about. */
export interface Features {
  /** Statements that ran. */
  steps: number;
  /** The most activations that were open at once. */
  depth: number;
  /** How often loops went round. */
  iterations: number;
  /** Characters of the largest state. */
  stateChars: number;
  /** Bits that the choice of the next line has on average, over lines that more than one line follows. */
  branchEntropy: number;
}

/** One question, which stands alone: what is asked, of which program, and every answer that is right. */
export interface Question {
  id: string;
  /** The program's id. */
  program: string;
  code: string;
  /** The call that was run, where the program is called: `f(3)`. */
  call?: string | undefined;
  /** What the program reads. */
  stdin?: string | undefined;
  kind: QuestionKind;
  ask: Ask;
  /** The question in words, without the program. */
  prompt: string;
  form: AnswerForm;
  answers: Answer[];
  /** No other answer is right; false: any that fulfils `proof` is. */
  unique: boolean;
  /** What makes the answers right. */
  proof: string;
  /** What the best guess gets that does not follow the run, from 0 to 1. */
  chance: number;
  policy: Policy;
  features: Features;
  /** The answer stands in the question's own words. */
  leak: boolean;
  /** The chain of questions about one place of one run. */
  consistent?: string | undefined;
}

const line = z.int().positive();
const count = z.int().nonnegative();

export const askSchema: z.ZodType<Ask, Ask> = z.strictObject({
  line: line.optional(),
  visit: line.optional(),
  name: z.string().optional(),
  other: z.string().optional(),
  function: z.string().optional(),
  frame: line.optional(),
  command: z.enum(["into", "over", "out", "continue"]).optional(),
  breakpoint: line.optional(),
  what: z.string().optional(),
  given: z.record(z.string(), z.string()).optional(),
  call: z.string().optional(),
});

export const questionSchema: z.ZodType<Question, Question> = z.strictObject({
  id: z.string().min(1),
  program: z.string(),
  code: z.string(),
  call: z.string().optional(),
  stdin: z.string().optional(),
  kind: z.enum(QUESTION_KINDS),
  ask: askSchema,
  prompt: z.string(),
  form: z.enum(ANSWER_FORMS),
  answers: z.array(z.strictObject({ text: z.string(), type: z.string().optional() })).min(1),
  unique: z.boolean(),
  proof: z.string(),
  chance: z.number().min(0).max(1),
  policy: z.strictObject({
    tolerance: z.number().nonnegative().optional(),
    numpy: z.boolean().optional(),
    orderless: z.boolean().optional(),
  }),
  features: z.strictObject({
    steps: count,
    depth: count,
    iterations: count,
    stateChars: count,
    branchEntropy: z.number().nonnegative(),
  }),
  leak: z.boolean(),
  consistent: z.string().optional(),
});
