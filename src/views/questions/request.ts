import { z } from "zod";
import { type Ask, askSchema, QUESTION_KINDS, type QuestionKind } from "./question.ts";

/** A question that somebody else asks. */
export interface AskRow {
  /** Of the question; made from the program's when absent. */
  id?: string | undefined;
  /** The program's id. */
  program: string;
  kind: QuestionKind;
  ask: Ask;
}

/** As `{"program", "kind", "line", "visit", "name", ...}`: what is asked stands beside the program. */
export const askRowSchema: z.ZodType<AskRow, Record<string, unknown>> = z
  .looseObject({ id: z.string().optional(), program: z.string(), kind: z.enum(QUESTION_KINDS) })
  .transform(({ id, program, kind, ...rest }, context) => {
    const ask = askSchema.safeParse(rest);
    if (ask.success) return { id, program, kind, ask: ask.data };
    for (const { message, path } of ask.error.issues)
      context.issues.push({ code: "custom", message, path, input: rest });
    return z.NEVER;
  });

const revalTaskSchema = z.looseObject({
  task_id: z.string(),
  tasks: z.array(
    z.looseObject({
      input_idx: z.int().nonnegative(),
      task: z.array(z.looseObject({ lineno: z.int().positive(), var: z.string() })),
    }),
  ),
});

/** The questions of one row of a file of asks; REval's tasks (DREval_tasks) are several. Throws ZodError for others. */
export function asksOf(row: unknown): AskRow[] {
  const reval = revalTaskSchema.safeParse(row);
  if (!reval.success) return [askRowSchema.parse(row as Record<string, unknown>)];
  const { task_id: task, tasks } = reval.data;
  return tasks.flatMap(({ input_idx: input, task: probes }) => {
    const program = `${task}/${input}`;
    const asked = probes.flatMap(({ lineno: line, var: name }, i): AskRow[] => [
      { id: `${program}/${i}/coverage`, program, kind: "coverage", ask: { line } },
      { id: `${program}/${i}/state`, program, kind: "state", ask: { line, name } },
      { id: `${program}/${i}/path`, program, kind: "path", ask: { line } },
    ]);
    return [...asked, { id: `${program}/output`, program, kind: "output" as const, ask: {} }];
  });
}

/** What is asked about every run. */
export interface QuestionRequest {
  readonly kinds: readonly QuestionKind[];
  /** Of one program, at most. */
  readonly perProgram: number;
  readonly seed: number;
  /** Chains of four questions about one place, instead of questions that tell nothing about each other. */
  readonly consistent: boolean;
  /** By program, what is asked instead of what the seed chooses; null: nothing. */
  readonly asks: ReadonlyMap<string, readonly AskRow[]> | null;
}
