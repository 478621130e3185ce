import { createReadStream } from "node:fs";
import { splitLines } from "../../base/io/rows.ts";
import { totalRejected } from "../../jobs/counts.ts";
import type { JobResult } from "../../jobs/job.ts";
import { runScore } from "../../jobs/score.ts";
import { type ScoreSummary, Summing } from "../../views/rewards/summary.ts";
import type { ReplyVerdict } from "../../views/rewards/verdict.ts";
import { defaultOutput } from "./default-output.ts";
import { parseScoreFlags } from "./flags.ts";
import { jobCommand } from "./job-command.ts";

const MAX_VERDICT_BYTES = 64 << 20;

/** A job's result with what its verdicts come to; null where they are in no file. */
interface ScoreResult extends JobResult {
  scores: ScoreSummary | null;
}

export async function scoreCommand(
  questions: string,
  answers: string,
  given: Record<string, unknown>,
): Promise<number> {
  const flags = parseScoreFlags(given);
  const { schedule, scoring, python, workers, timeoutMs, memoryMb, resume, force } = flags;
  const output = defaultOutput(answers, "verdicts", ".jsonl");
  return await jobCommand(
    flags,
    output,
    async (setting): Promise<ScoreResult> => {
      const result = await runScore({
        questions,
        answers,
        output: setting.output,
        schedule,
        scoring,
        resume,
        force,
        trials: { python, workers: workers ?? 1, timeoutMs, memoryMb },
        signal: setting.signal,
        onProgress({ counts, done, total }) {
          const values = { replies: counts.programs, rejected: totalRejected(counts) };
          setting.progress.update({ done, total, values });
        },
      });
      const isWhole = result.state !== "interrupted" && typeof setting.output === "string";
      return { ...result, scores: isWhole ? await summaryOf(setting.output as string) : null };
    },
    "replies",
  );
}

/** Of all verdicts in the file, those of an earlier run that was gone on with among them. */
async function summaryOf(path: string): Promise<ScoreSummary> {
  const summing = new Summing();
  for await (const rows of splitLines(createReadStream(path), { maxRowBytes: MAX_VERDICT_BYTES })) {
    for (const row of rows) if ("text" in row) summing.add(JSON.parse(row.text) as ReplyVerdict);
  }
  return summing.summary();
}
