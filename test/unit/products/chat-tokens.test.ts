import { beforeEach, expect, test } from "vitest";
import { openChatCounter } from "../../../src/products/dataset/chat-tokens.ts";
import type { Chat } from "../../../src/products/dataset/prompt.ts";
import { writeByteTokenizer } from "../../helpers/byte-tokenizer.ts";
import { TestFolder } from "../../helpers/test-folder.ts";

const folder = new TestFolder();
beforeEach(() => writeByteTokenizer(folder.path));

const CHAT: Chat = { system: null, user: "return", answer: "xy", rejected: null };
/** Of "return", a token of its own, and of "xy". */
const TEXTS = 1 + 2;
const TEMPLATE = "{{ bos_token }}{% for m in messages %}{{ m['role'][0] }}:{{ m['content'] }}<|end|>{% endfor %}";
/** Of "u:" and "a:", two each, and two ends of turns. */
const AROUND = 2 + 2 + 2;

function config(value: object): void {
  folder.write("tokenizer_config.json", JSON.stringify({ tokenizer_class: "GPT2Tokenizer", ...value }));
}

async function counted(chats = true): Promise<[tokens: number, template: boolean]> {
  const counter = await openChatCounter(folder.path, chats);
  return [counter.count(CHAT), counter.template];
}

test("a chat template's own tokens are counted, with the tokens that it names", async () => {
  config({ chat_template: TEMPLATE });
  expect(await counted()).toEqual([TEXTS + AROUND, true]);
  config({ chat_template: TEMPLATE, bos_token: { content: "<|end|>" } });
  expect(await counted()).toEqual([1 + TEXTS + AROUND, true]);
  config({
    chat_template: [
      { name: "tool_use", template: "" },
      { name: "default", template: TEMPLATE },
    ],
  });
  expect(await counted()).toEqual([TEXTS + AROUND, true]);
  config({});
  folder.write("chat_template.jinja", TEMPLATE);
  expect(await counted()).toEqual([TEXTS + AROUND, true]);
});

test("texts alone are counted where no template takes the rows", async () => {
  config({});
  expect(await counted()).toEqual([TEXTS, false]);
  config({ chat_template: TEMPLATE });
  expect(await counted(false)).toEqual([TEXTS, false]);
  const refusing = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no') }}{% endif %}";
  const silent = "{% for m in messages %}{{ m['content'] if m['role'] != 'system' }}{% endfor %}";
  for (const chat_template of [refusing + TEMPLATE, silent, "{% for", "{{ nothing.there }}", 3]) {
    config({ chat_template });
    expect(await counted(), String(chat_template)).toEqual([TEXTS, false]);
  }
  expect((await openChatCounter("estimate", true)).template).toBe(false);
});
