import { z } from "zod";

const chat: z.ZodType<{ messages: { role: string; content: string }[] }> = z.object({
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
});

/** What a model should say, from a rendered row: its last assistant message, or the row itself as JSON. */
export function answerOf(row: unknown): string {
  const found = chat.safeParse(row);
  const last = found.success ? found.data.messages.findLast(({ role }) => role === "assistant") : undefined;
  if (last !== undefined) return last.content;
  const { id: _, ...rest } = row as Record<string, unknown>;
  return JSON.stringify(rest);
}
