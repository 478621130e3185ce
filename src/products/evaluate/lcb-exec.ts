import { findAnswer } from "../../views/rewards/answer.ts";
import { askedCall, comparedCall } from "../../views/rewards/call-answer.ts";
import type { Scoring } from "../../views/rewards/forms.ts";
import { type Read, wrong } from "../../views/rewards/read.ts";
import { likeness, writtenValue } from "../../views/rewards/value-answer.ts";
import type { Benchmark, Task } from "./benchmark.ts";
import { assertionProgram, STAR_MODULES } from "./star-imports.ts";

/** As published: a minute for one assertion. */
const TIMEOUT_MS = 60_000;
const MEMORY_MB = 4_096;

/** LiveCodeBench's execution task, also as CodeCrash and StateLens perturb it: what does this call return. */
export const lcbExec: Benchmark = {
  name: "lcb-exec",
  title: "LiveCodeBench execution, perturbed or not: predict what a call returns",
  rows: '{"task_id": "s1", "code": "def f(n):\\n    return n + 1", "function_name": "f", "function_call": "f(3)", "output": "4"}',
  trials: { timeoutMs: TIMEOUT_MS, memoryMb: MEMORY_MB, preload: STAR_MODULES },
  taskOf(row) {
    const id = row["task_id"] ?? row["id"];
    const { code, function_call: call, output } = row;
    if ((typeof id !== "string" && !Number.isSafeInteger(id)) || id === "") return 'it has no "task_id"';
    if (typeof code !== "string") return 'it has no text "code"';
    if (typeof call !== "string") return 'it has no text "function_call"';
    if (typeof output !== "string") return 'it has no text "output"';
    return new ExecutionTask(String(id), code, call, output);
  },
};

class ExecutionTask implements Task {
  readonly id: string;
  readonly #code: string;
  readonly #call: string;
  readonly #output: string;

  constructor(id: string, code: string, call: string, output: string) {
    this.id = id;
    this.#code = code;
    this.#call = call;
    this.#output = output;
  }

  judge(prediction: unknown, scoring: Scoring): Read {
    if (prediction !== null && typeof prediction !== "string") return wrong("prediction-is-no-text");
    return scoring === "published" ? this.#published(prediction) : this.#strict(prediction);
  }

  /**
   * What stands behind `assert CALL ==` is the prediction as it is: a comparison makes a chain of it, a call is its own
   * answer, and where nothing was predicted it is None.
   */
  #published(prediction: string | null): Read {
    const program = assertionProgram(this.#code, `assert ${this.#call} == ${prediction ?? "None"}`);
    return {
      run: {
        program,
        judged: ({ status, result }) => {
          if (status === "ok")
            return result?.literal === true && result.repr === "True" ? "right" : wrong("left-early");
          return wrong(`ended-by-${status}`);
        },
      },
    };
  }

  /** `CALL == VALUE` with the task's own call and a literal that is the output by type and value. */
  #strict(prediction: string | null): Read {
    if (prediction === null) return wrong("no-answer");
    const answer = findAnswer(prediction);
    if (typeof answer === "string") return wrong(answer);
    const compared = comparedCall(answer.text, askedCall(this.#call));
    if (typeof compared === "string") return wrong(compared);
    const like = likeness(compared.value, writtenValue(this.#output, {}), {});
    return like === "same" ? "right" : wrong(like ?? "not-a-literal");
  }
}
