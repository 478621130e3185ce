// Compares StateLens rows with published ones, row by row: what is between <think> and </think>, and between <answer>
// and </answer>. Run with tsx: compare-statelens.ts OURS.jsonl PUBLISHED.jsonl [--min N] [--show N]
//
// Rows are matched by their prompt, so rejected rows move nothing. Exit status 0 when at least `--min` rows (default:
// all published ones) are equal.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

interface Row {
  prompt: string;
  think: string | null;
  answer: string | null;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { min: { type: "string" }, show: { type: "string", default: "3" } },
});
const [oursPath, publishedPath] = positionals;
if (oursPath === undefined || publishedPath === undefined || positionals.length > 2) {
  console.error("usage: compare-statelens.ts OURS.jsonl PUBLISHED.jsonl [--min N] [--show N]");
  process.exit(2);
}

const published = readRows(publishedPath);
const oursByPrompt = new Map(readRows(oursPath).map((row) => [row.prompt, row]));
const min = values.min === undefined ? published.length : Number(values.min);
const differing: number[] = [];
let missing = 0;
let shown = 0;
for (const [number, theirs] of published.entries()) {
  const ours = oursByPrompt.get(theirs.prompt);
  if (ours !== undefined && ours.think === theirs.think && ours.answer === theirs.answer) continue;
  differing.push(number);
  if (ours === undefined) missing += 1;
  else if (shown++ < Number(values.show)) showDifference(number, ours, theirs);
}
const equal = published.length - differing.length;
console.log(`${equal} of ${published.length} rows equal; ${missing} missing`);
if (differing.length > 0) console.log(`differing rows (from 0): ${differing.join(" ")}`);
process.exitCode = equal >= min ? 0 : 1;

function readRows(path: string): Row[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line, i) => parseRow(JSON.parse(line), `${path}, row ${i}`));
}

/** Both the published schema (`conversations`) and ours (`messages`). */
function parseRow(row: unknown, where: string): Row {
  const { messages, conversations } = row as {
    messages?: { role: string; content: string }[];
    conversations?: { from: string; value: string }[];
  };
  const texts = messages?.map((m) => [m.role, m.content]) ?? conversations?.map((c) => [c.from, c.value]);
  const prompt = texts?.find(([role]) => role === "user")?.[1];
  const reply = texts?.find(([role]) => role === "assistant")?.[1];
  if (prompt === undefined || reply === undefined) throw new Error(`${where}: no user and assistant messages`);
  return { prompt: prompt.trim(), think: between(reply, "think"), answer: between(reply, "answer") };
}

function between(text: string, tag: string): string | null {
  const start = text.indexOf(`<${tag}>`);
  const end = text.lastIndexOf(`</${tag}>`);
  return start < 0 || end < start ? null : text.slice(start + tag.length + 2, end);
}

function showDifference(number: number, ours: Row, theirs: Row): void {
  const [which, left, right] =
    ours.think === theirs.think ? ["answer", ours.answer, theirs.answer] : ["think", ours.think, theirs.think];
  const ourLines = (left ?? "").split("\n");
  const theirLines = (right ?? "").split("\n");
  const at = theirLines.findIndex((line, i) => line !== ourLines[i]);
  const place = at < 0 ? theirLines.length : at;
  console.log(`row ${number}, <${which}>, line ${place}:`);
  console.log(`  ours      ${ourLines[place] ?? "(ends)"}`);
  console.log(`  published ${theirLines[place] ?? "(ends)"}`);
}
