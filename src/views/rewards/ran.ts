import type { Outcome } from "../../record/trace/value.ts";
import type { AnswerPolicy } from "./asked.ts";
import { type Settled, wrong } from "./read.ts";
import { likenessOf, literalOf, writtenValue } from "./value-answer.ts";

/**
 * Whether a run gave the wanted result, by type and value. Decided from what was recorded outside of the program's
 * process, so that neither its `==` nor what it did to Python has a part in it.
 * @param wanted a Python literal
 */
export function ranWith({ status, result }: Outcome, wanted: string, policy: AnswerPolicy): Settled {
  if (status !== "ok" || result === null) return { wrong: status === "ok" ? "no-result" : `ended-by-${status}` };
  if (result.cut) return wrong("result-too-long");
  if (!result.literal && (policy.numpy !== true || result.arrays === null)) return wrong("wrong-type");
  const given = literalOf(result.repr, policy.numpy);
  if (given === null) return wrong("wrong-value");
  const like = likenessOf(given, writtenValue(wanted, policy), policy);
  return like === "same" ? "right" : wrong(like);
}
