// How many tokens a trainer makes of a row: with the tokenizer's own chat template, where it has one.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ESTIMATE, openTokenCounter } from "../../views/text/tokens.ts";
import { textsOf } from "./lengths.ts";
import type { Chat } from "./prompt.ts";

export interface ChatCounter {
  /** Whether what a chat template adds is counted too. */
  readonly template: boolean;
  count(chat: Chat): number;
}

interface Message {
  role: string;
  content: string;
}

type SpecialToken = string | { content: string } | null | undefined;

const special: z.ZodType<SpecialToken> = z.union([z.string(), z.object({ content: z.string() })]).nullish();
const configSchema: z.ZodType<{
  chat_template?: string | { name: string; template: string }[] | null | undefined;
  bos_token?: SpecialToken;
  eos_token?: SpecialToken;
}> = z.object({
  chat_template: z.union([z.string(), z.array(z.object({ name: z.string(), template: z.string() }))]).nullish(),
  bos_token: special,
  eos_token: special,
});

/** What a template must show before it is used: some refuse the role "system", or leave it out. */
const PROBE: Chat = { system: "the system", user: "a question", answer: "an answer", rejected: null };

/** `chats`: rows are turns of a chat, which trainers put into a template. Throws UsageError for no such tokenizer. */
export async function openChatCounter(tokenizer: string, chats: boolean): Promise<ChatCounter> {
  const count = await openTokenCounter(tokenizer);
  const plain = (chat: Chat): number => textsOf(chat).reduce((sum, text) => sum + count(text), 0);
  const render = chats && tokenizer !== ESTIMATE ? await openTemplate(tokenizer) : null;
  if (render === null) return { template: false, count: plain };
  return { template: true, count: (chat) => count(render(messagesOf(chat))) };
}

/** Null: there is none, or none that shows a system message, a question and an answer. */
async function openTemplate(folder: string): Promise<((messages: Message[]) => string) | null> {
  // That it is JSON, the tokenizer itself has seen.
  const config = configSchema.safeParse(JSON.parse((await textOf(join(folder, "tokenizer_config.json"))) ?? "{}"));
  if (!config.success) return null;
  const { chat_template: found, bos_token, eos_token } = config.data;
  const named = typeof found === "string" ? found : found?.find(({ name }) => name === "default")?.template;
  // Newer tokenizers have it in a file of its own.
  const source = (await textOf(join(folder, "chat_template.jinja"))) ?? named;
  if (source === undefined) return null;
  const { Template } = await import("@huggingface/jinja");
  try {
    const template = new Template(source);
    const tokens = { bos_token: tokenText(bos_token), eos_token: tokenText(eos_token) };
    const render = (messages: Message[]): string =>
      template.render({ messages, ...tokens, add_generation_prompt: false });
    const shown = render(messagesOf(PROBE));
    return textsOf(PROBE).every((text) => shown.includes(text)) ? render : null;
  } catch {
    return null;
  }
}

async function textOf(path: string): Promise<string | null> {
  return await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
}

function tokenText(token: SpecialToken): string {
  return typeof token === "string" ? token : (token?.content ?? "");
}

function messagesOf(chat: Chat): Message[] {
  const [system, user, assistant] = textsOf(chat);
  return [
    { role: "system", content: system },
    { role: "user", content: user },
    { role: "assistant", content: assistant },
  ].filter(({ role, content }) => role === "assistant" || content !== "");
}
