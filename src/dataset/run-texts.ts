import { z } from "zod";

/** What a rendered row says of a run. */
export interface RunTexts {
  /** What the row itself asks; null: it asks nothing. */
  readonly system: string | null;
  readonly user: string | null;
  /** What a model should say, as the renderer has it: of chat data the last assistant message. */
  readonly answer: string;
  /** The trace alone. */
  readonly trace: string;
  /** `repr` of the result; null: the row does not tell. */
  readonly result: string | null;
}

const chat: z.ZodType<{ messages: { role: string; content: string }[] }> = z.object({
  messages: z.array(z.object({ role: z.string(), content: z.string() })).min(1),
});
const step: z.ZodType<{ prompt: string; output: string }> = z.object({ prompt: z.string(), output: z.string() });
const text: z.ZodType<{ text: string; result: string | null }> = z.object({
  text: z.string(),
  result: z.string().nullable(),
});
const events: z.ZodType<{ test_case: { result: string | null }; trace_events: unknown[] }> = z.object({
  test_case: z.object({ result: z.string().nullable() }),
  trace_events: z.array(z.unknown()),
});
const outcome: z.ZodType<{ outcome: { result: { repr: string } | null } }> = z.object({
  outcome: z.object({ result: z.object({ repr: z.string() }).nullable() }),
});

/** `entry` is that of the row's program. */
export function runTexts(row: unknown, entry: string | null): RunTexts {
  const messages = chat.safeParse(row);
  if (messages.success) return chatTexts(messages.data.messages, entry);
  const steps = step.safeParse(row);
  if (steps.success) {
    const { prompt, output } = steps.data;
    return { system: null, user: prompt, answer: output, trace: output, result: null };
  }
  const texts = text.safeParse(row);
  if (texts.success) {
    const { text, result } = texts.data;
    return { system: null, user: null, answer: text, trace: text, result };
  }
  const listed = events.safeParse(row);
  if (listed.success) {
    const { test_case, trace_events } = listed.data;
    const trace = JSON.stringify(trace_events);
    return { system: null, user: null, answer: trace, trace, result: test_case.result };
  }
  const { id: _, ...rest } = row as Record<string, unknown>;
  const json = JSON.stringify(rest);
  const result = outcome.safeParse(row).data?.outcome.result?.repr ?? null;
  return { system: null, user: null, answer: json, trace: json, result };
}

function chatTexts(messages: readonly { role: string; content: string }[], entry: string | null): RunTexts {
  const of = (role: string): string | null => messages.findLast((message) => message.role === role)?.content ?? null;
  const answer = of("assistant") ?? "";
  const [, trace = answer, said = ""] =
    /^<think>\n([\s\S]*)\n<\/think>\n<answer>\n([\s\S]*)\n<\/answer>$/.exec(answer) ?? [];
  const call = `${entry} == `;
  const result = entry !== null && said.startsWith(call) ? said.slice(call.length) : null;
  return { system: of("system"), user: of("user"), answer, trace, result };
}
