import { z } from "zod";
import { type Tolerance, toleranceSchema } from "../../base/schema/program.ts";
import { ANSWER_FORMS, type AnswerForm } from "../questions/question.ts";

export interface AcceptedAnswer {
  /** A Python literal, a line's number, what the form asks for. */
  readonly text: string;
  /** Name of the value's type. */
  readonly type?: string | undefined;
}

export interface AnswerPolicy {
  /** Of floating-point numbers; exact when absent. */
  readonly tolerance?: Tolerance | undefined;
  /** NumPy's arrays and numbers are compared by value and shape. */
  readonly numpy?: boolean | undefined;
  /** Of a list or tuple that is the answer, the order does not count. */
  readonly orderless?: boolean | undefined;
  /** `1`, `True` and `1.0` are equal, as by Python's `==`. */
  readonly untyped?: boolean | undefined;
}

/** What scoring needs to know of a question; a question's row has more. */
export interface Asked {
  readonly id: string;
  readonly kind: string;
  readonly form: AnswerForm;
  /** Every accepted one; of a predicted call, those that are known. */
  readonly answers: readonly AcceptedAnswer[];
  /** Source of the program, and what it reads; needed where something is run. */
  readonly code?: string | undefined;
  readonly stdin?: string | undefined;
  /** The call that is asked about: `f(3)`. */
  readonly call?: string | undefined;
  /** Of a predicted call: the literal that it is to give. */
  readonly result?: string | undefined;
  /** Part of the answers that the best blind guess gets right, 0 to 1. */
  readonly chance: number;
  readonly policy: AnswerPolicy;
  /** Questions with one id here follow from each other, in the order of the rows. */
  readonly consistent?: string | undefined;
  /** Asked in the same prompt: the reply has one line for each behind its first. */
  readonly parts?: readonly Asked[] | undefined;
}

/** A question that no answer can be judged by; the message says why. */
export class BadQuestion extends Error {}

const accepted = z.looseObject({ text: z.string(), type: z.string().nullish() });

const base = z.looseObject({
  id: z.string().min(1),
  kind: z.string().min(1),
  form: z.enum(ANSWER_FORMS),
  answers: z.array(accepted),
  code: z.string().nullish(),
  stdin: z.string().nullish(),
  call: z.string().nullish(),
  result: z.string().nullish(),
  ask: z.looseObject({ given: z.record(z.string(), z.unknown()).nullish() }).nullish(),
  chance: z.number().min(0).max(1).default(0),
  policy: z
    .looseObject({
      tolerance: z.union([toleranceSchema, z.number().nonnegative()]).nullish(),
      numpy: z.boolean().nullish(),
      orderless: z.boolean().nullish(),
      untyped: z.boolean().nullish(),
    })
    .default({}),
  consistent: z.string().nullish(),
});

const row = base.extend({ parts: z.array(base).nullish() });

/** A question from a row of JSON; text that says what is wrong with the row, for every other value. */
export function askedOf(value: unknown): Asked | string {
  const result = row.safeParse(value);
  if (!result.success) {
    return result.error.issues.map(({ path, message }) => `${path.join(".") || "the row"}: ${message}`).join("; ");
  }
  const { parts, ...question } = result.data;
  return { ...withoutNulls(question), ...(parts ? { parts: parts.map(withoutNulls) } : {}) };
}

function withoutNulls(found: z.infer<typeof base>): Asked {
  const { id, kind, form, answers, code, stdin, call, ask, chance, policy, consistent } = found;
  const given = ask?.given?.["result"];
  const { tolerance } = policy;
  return {
    id,
    kind,
    form,
    chance,
    answers: answers.map(({ text, type }) => ({ text, type: type ?? undefined })),
    code: code ?? undefined,
    stdin: stdin ?? undefined,
    call: call ?? undefined,
    result: found.result ?? (typeof given === "string" ? given : undefined),
    consistent: consistent ?? undefined,
    policy: {
      // One number is both: a part of the larger, and the distance itself.
      tolerance:
        typeof tolerance === "number" ? { relative: tolerance, absolute: tolerance } : (tolerance ?? undefined),
      numpy: policy.numpy ?? undefined,
      orderless: policy.orderless ?? undefined,
      untyped: policy.untyped ?? undefined,
    },
  };
}
