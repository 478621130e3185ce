import { UsageError } from "../../base/errors.ts";
import type { Chat } from "./prompt.ts";
import type { OutputKind } from "./recipe.ts";

export interface ChatRow {
  readonly id: string;
  readonly chat: Chat;
  /** What the program carries along; undefined: nothing. */
  readonly meta: unknown;
}

/** An entry of LLaMA-Factory's dataset_info.json, without the file's name. */
export interface TrainerEntry {
  formatting?: "sharegpt" | "alpaca";
  ranking?: true;
  columns: Record<string, string>;
  tags?: Record<string, string>;
}

interface Kind {
  /** The same keys in every row: a column that a row lacks fails a whole run of training. */
  row(row: ChatRow): Record<string, unknown>;
  /** Null for a form that LLaMA-Factory does not read. Complete: columns and tags that an entry does not name are none, not the trainer's defaults. */
  readonly entry: TrainerEntry | null;
}

const SHAREGPT_TAGS = {
  role_tag: "from",
  content_tag: "value",
  user_tag: "human",
  assistant_tag: "gpt",
  observation_tag: "observation",
  function_tag: "function_call",
  system_tag: "system",
};

export const KINDS: Readonly<Record<OutputKind, Kind>> = {
  sharegpt: {
    row: ({ id, chat, meta }) => ({
      id,
      system: chat.system ?? "",
      conversations: [
        { from: "human", value: asked(chat) },
        { from: "gpt", value: chat.answer },
      ],
      meta: metaText(meta),
    }),
    entry: {
      formatting: "sharegpt",
      columns: { messages: "conversations", system: "system" },
      tags: SHAREGPT_TAGS,
    },
  },
  preference: {
    row: ({ id, chat, meta }) => ({
      id,
      system: chat.system ?? "",
      conversations: [{ from: "human", value: asked(chat) }],
      chosen: { from: "gpt", value: chat.answer },
      rejected: { from: "gpt", value: chat.rejected ?? "" },
      meta: metaText(meta),
    }),
    entry: {
      formatting: "sharegpt",
      ranking: true,
      columns: { messages: "conversations", chosen: "chosen", rejected: "rejected", system: "system" },
      tags: SHAREGPT_TAGS,
    },
  },
  // As TRL's trainers read preferences in chats.
  "trl-preference": {
    row: ({ id, chat, meta }) => ({
      id,
      prompt: [
        ...(chat.system === null ? [] : [{ role: "system", content: chat.system }]),
        { role: "user", content: asked(chat) },
      ],
      chosen: [{ role: "assistant", content: chat.answer }],
      rejected: [{ role: "assistant", content: chat.rejected ?? "" }],
      meta: metaText(meta),
    }),
    entry: null,
  },
  alpaca: {
    row: ({ id, chat, meta }) => ({
      id,
      system: chat.system ?? "",
      instruction: asked(chat),
      input: "",
      output: chat.answer,
      meta: metaText(meta),
    }),
    entry: {
      formatting: "alpaca",
      columns: { prompt: "instruction", query: "input", response: "output", system: "system" },
    },
  },
  messages: {
    row: ({ id, chat, meta }) => ({
      id,
      messages: [
        ...(chat.system === null ? [] : [{ role: "system", content: chat.system }]),
        { role: "user", content: asked(chat) },
        { role: "assistant", content: chat.answer },
      ],
      meta: metaText(meta),
    }),
    // "openai" would add a text of its own to the system message.
    entry: {
      formatting: "sharegpt",
      columns: { messages: "messages" },
      tags: {
        role_tag: "role",
        content_tag: "content",
        user_tag: "user",
        assistant_tag: "assistant",
        observation_tag: "tool",
        function_tag: "function",
        system_tag: "system",
      },
    },
  },
  text: {
    row: ({ id, chat, meta }) => ({
      id,
      text: [chat.system, chat.user, chat.answer].filter((part) => part !== null).join("\n\n"),
      meta: metaText(meta),
    }),
    entry: { formatting: "alpaca", columns: { prompt: "text" } },
  },
};

/** As JSON: of one type in every row, whatever it holds. */
function metaText(meta: unknown): string {
  return meta === undefined ? "" : JSON.stringify(meta);
}

function asked({ user }: Chat): string {
  if (user !== null) return user;
  const fix = 'name a prompt in the recipe, or make rows of the kind "text"';
  throw new UsageError("bad-recipe", `The renderer's rows ask nothing themselves: ${fix}.`);
}
