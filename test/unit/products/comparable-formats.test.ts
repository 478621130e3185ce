import { beforeEach, expect, test, vi } from "vitest";
import { estimateTokens } from "../../../src/views/text/tokens.ts";
import { jsonLines, built as make } from "../../helpers/built-dataset.ts";
import { builtPythons } from "../../helpers/built-pythons.ts";
import { TestFolder } from "../../helpers/test-folder.ts";

// Tracer processes start for every format.
vi.setConfig({ testTimeout: 240_000 });

const [python] = await builtPythons();

const folder = new TestFolder();
beforeEach(() => {
  const rows = [1, 2, 4, 8, 16, 32].map((n) => {
    return {
      id: `loop ${n}`,
      code: "def f(n):\n    s = 0\n    for i in range(n):\n        s += i\n    return s",
      entry: `f(${n})`,
    };
  });
  // StateLens shows one called function, so that it has no row of a module.
  const module = { id: "module", code: "x = 1\ny = x + 1" };
  folder.writeRows([...rows, module]);
});

const recipe = (renderer: string, rest: string): string =>
  `name: set\nlicence: mit\nrenderer: ${renderer}\nprompt: source-to-trace.v1\noutput: {kind: alpaca}\n${rest}`;
const build = (as: string, text: string) => make(folder.path, as, text, { inputs: [folder.at("in.jsonl")] });
type Row = { id: string; system: string; instruction: string; input: string; output: string };
const rowsOf = (as: string): Row[] => jsonLines<Row>(folder.at(as, "set-train.jsonl"));
const tokensOf = ({ system, instruction, input, output }: Row): number =>
  [system, instruction, input, output].reduce((sum, text) => sum + estimateTokens(text), 0);

test.skipIf(!python)("rows are kept that fit in every format, whichever of them is made", async () => {
  const formats = ["next", "concise", "statelens"];
  const tokens = new Map<string, Map<string, number>>();
  for (const format of formats) {
    await build(format, recipe(format, ""));
    tokens.set(format, new Map(rowsOf(format).map((row) => [row.id, tokensOf(row)])));
  }
  const most = (id: string): number =>
    Math.max(...formats.map((format) => tokens.get(format)?.get(id) ?? Number.POSITIVE_INFINITY));
  const limit = most("loop 4");
  const fits = Array.from(tokens.get("concise")?.keys() ?? []).filter((id) => most(id) <= limit);
  expect(fits).toEqual(["loop 1", "loop 2", "loop 4"]);
  // The limit is that of the longest format: alone, others would keep more.
  expect(tokens.get("next")?.get("loop 8")).toBeLessThanOrEqual(limit);
  const option = `tokenizer: estimate\nfits: {formats: [${formats.join(", ")}], maxTokens: ${limit}}\n`;
  for (const format of [...formats, "naive"]) {
    const { left } = await build(`fitting ${format}`, recipe(format, option));
    expect(rowsOf(`fitting ${format}`).map(({ id }) => id)).toEqual(fits);
    expect(left["too-long-in-a-format"], format).toBe(3);
  }
  const rejected = jsonLines<{ id: string; message: string }>(folder.at("fitting concise", "rejected.jsonl"));
  expect(rejected.find(({ id }) => id === "loop 8")?.message).toMatch(
    new RegExp(`^As \\w+ the row has \\d+ tokens, more than ${limit}\\.$`),
  );
  const card = folder.text("fitting concise", "README.md");
  expect(card).toContain(`at most ${limit} tokens in each of the formats next, concise, statelens`);
});

test.skipIf(!python)("a row that one of the formats cannot show is counted", async () => {
  const option = "tokenizer: estimate\nfits: {formats: [statelens, snoop], maxTokens: 100000}\n";
  const { left, splits } = await build("set", recipe("events", option));
  expect(left).toEqual({ "not-in-every-format": 1 });
  expect(splits.train?.rows).toBe(6);
});

test.skipIf(!python)("what cannot be compared is refused", async () => {
  const refused = async (text: string, message: string): Promise<void> => {
    await expect(build("x", text)).rejects.toThrow(message);
  };
  const fits = (format: string): string => `fits: {formats: [${format}], maxTokens: 10}\n`;
  await refused(recipe("next", fits("next")), 'fits: needs "tokenizer"');
  await refused(
    recipe("next", `tokenizer: estimate\n${fits("record")}`),
    "record makes a record file (.tmr) and no rows",
  );
  await refused(
    recipe("llmexecutor-sft", `tokenizer: estimate\n${fits("next")}`),
    '"llmexecutor-sft" does not make such',
  );
  await refused(recipe("next", `tokenizer: estimate\n${fits("nex")}`), "nex");
  await refused(recipe("next", "tokenizer: estimate\nfits: {formats: [], maxTokens: 1}\n"), "fits.formats");
  const pairs = recipe("next", `tokenizer: estimate\n${fits("next")}`)
    .replace("source-to-trace.v1", "predict-output-pair.v1")
    .replace("alpaca", "preference");
  await refused(pairs, "shows another run too");
});
