import type { Question } from "./prompt.ts";
import type { OutputKind } from "./recipe.ts";

export interface Example {
  readonly id: string;
  readonly question: Question;
  readonly answer: string;
}

/** An entry of LLaMA-Factory's dataset_info.json, without the file's name. */
export interface TrainerEntry {
  formatting?: "sharegpt" | "alpaca";
  columns: Record<string, string>;
  tags?: Record<string, string>;
}

interface Kind {
  /** The same keys in every row: a column that a row lacks fails a whole run of training. */
  row(example: Example): Record<string, unknown>;
  /** Complete: columns and tags that an entry does not name are none, not the trainer's defaults. */
  readonly entry: TrainerEntry;
}

export const KINDS: Readonly<Record<OutputKind, Kind>> = {
  sharegpt: {
    row: ({ id, question, answer }) => ({
      id,
      system: question.system ?? "",
      conversations: [
        { from: "human", value: question.user },
        { from: "gpt", value: answer },
      ],
    }),
    entry: {
      formatting: "sharegpt",
      columns: { messages: "conversations", system: "system" },
      tags: {
        role_tag: "from",
        content_tag: "value",
        user_tag: "human",
        assistant_tag: "gpt",
        observation_tag: "observation",
        function_tag: "function_call",
        system_tag: "system",
      },
    },
  },
  alpaca: {
    row: ({ id, question, answer }) => ({
      id,
      system: question.system ?? "",
      instruction: question.user,
      input: "",
      output: answer,
    }),
    entry: {
      formatting: "alpaca",
      columns: { prompt: "instruction", query: "input", response: "output", system: "system" },
    },
  },
  messages: {
    row: ({ id, question, answer }) => ({
      id,
      messages: [
        ...(question.system === null ? [] : [{ role: "system", content: question.system }]),
        { role: "user", content: question.user },
        { role: "assistant", content: answer },
      ],
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
    row: ({ id, question, answer }) => ({
      id,
      text: [...(question.system === null ? [] : [question.system]), question.user, answer].join("\n\n"),
    }),
    entry: { formatting: "alpaca", columns: { prompt: "text" } },
  },
};
