import { UsageError } from "../../base/errors.ts";
import { aliasMaker } from "./alias.ts";
import { branchMaker } from "./branch.ts";
import { callMaker } from "./call.ts";
import { countMaker } from "./count.ts";
import { coverageMaker } from "./coverage.ts";
import { debugMaker } from "./debug.ts";
import { differMaker } from "./differ.ts";
import { exceptionMaker } from "./exception.ts";
import type { QuestionMaker } from "./kind.ts";
import { linesMaker } from "./lines.ts";
import { inputMaker, outputMaker } from "./output.ts";
import { pathMaker } from "./path.ts";
import { QUESTION_KINDS, type QuestionKind } from "./question.ts";
import { stateMaker, typeMaker } from "./state.ts";
import { stdoutMaker } from "./stdout.ts";
import { backwardMaker, stepMaker } from "./step.ts";

const MAKERS: Readonly<Record<QuestionKind, QuestionMaker>> = {
  output: outputMaker,
  path: pathMaker,
  state: stateMaker,
  type: typeMaker,
  coverage: coverageMaker,
  lines: linesMaker,
  count: countMaker,
  stdout: stdoutMaker,
  exception: exceptionMaker,
  branch: branchMaker,
  call: callMaker,
  step: stepMaker,
  alias: aliasMaker,
  input: inputMaker,
  backward: backwardMaker,
  debug: debugMaker,
  differ: differMaker,
};

export function makerOf(kind: QuestionKind): QuestionMaker {
  return MAKERS[kind];
}

/** Throws UsageError for a name that is no kind. */
export function findKinds(names: readonly string[]): QuestionKind[] {
  return names.map((name) => {
    const kind = QUESTION_KINDS.find((known) => known === name);
    if (kind !== undefined) return kind;
    throw new UsageError("bad-kind", `There is no kind of question "${name}"; there are ${QUESTION_KINDS.join(", ")}.`);
  });
}
