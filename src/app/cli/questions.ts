import { readFile } from "node:fs/promises";
import { UsageError } from "../../base/errors.ts";
import { totalRejected } from "../../jobs/counts.ts";
import { runQuestions } from "../../jobs/questions.ts";
import { QUESTION_KINDS } from "../../views/questions/question.ts";
import { findKinds } from "../../views/questions/registry.ts";
import { type AskRow, asksOf } from "../../views/questions/request.ts";
import { defaultOutput } from "./default-output.ts";
import { parseQuestionsFlags } from "./flags.ts";
import { jobCommand } from "./job-command.ts";

export async function questionsCommand(inputs: readonly string[], given: Record<string, unknown>): Promise<number> {
  const flags = parseQuestionsFlags(given);
  const { kinds, perProgram, seed, consistent, ask, source, limit, python, workers, resume, force } = flags;
  const questions = {
    kinds: kinds === undefined ? QUESTION_KINDS : findKinds(kinds),
    perProgram,
    seed,
    consistent,
    asks: ask === undefined ? null : await readAsks(ask),
  };
  return await jobCommand(
    flags,
    defaultOutput(inputs[0] ?? "", "questions", ".jsonl"),
    ({ output, signal, progress }) =>
      runQuestions({
        inputs,
        output,
        questions,
        source,
        limit,
        resume,
        force,
        tracer: { ...(python !== undefined && { python }), ...(workers !== undefined && { workers }) },
        signal,
        onProgress({ counts, done, total }) {
          const values = { programs: counts.programs, questions: counts.rendered, rejected: totalRejected(counts) };
          progress.update({ done, total, values });
        },
      }),
  );
}

/** By program. Throws UsageError that names the line which is no ask. */
async function readAsks(path: string): Promise<Map<string, AskRow[]>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new UsageError("bad-input", `The asks in ${path} cannot be read. Check the path.`, { cause });
  }
  const asks = new Map<string, AskRow[]>();
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    for (const row of read(line, `${path}:${i + 1}`)) {
      asks.set(row.program, [...(asks.get(row.program) ?? []), row]);
    }
  }
  return asks;
}

function read(line: string, where: string): AskRow[] {
  try {
    return asksOf(JSON.parse(line));
  } catch (cause) {
    const wanted = '{"program": ..., "kind": ..., "line": ..., "visit": ..., "name": ...}';
    throw new UsageError("bad-ask", `${where} is no question: give ${wanted}. ${(cause as Error).message}`, { cause });
  }
}
