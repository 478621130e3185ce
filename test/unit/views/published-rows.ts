// The published StateLens rows and the programs they were made from, which are no part of the project.
import { existsSync, readFileSync } from "node:fs";

const folder = new URL("../../../../shared/data/", import.meta.url);

export interface PublishedRow {
  prompt: string;
  think: string;
}

export interface CruxRow {
  task_id: string;
  code: string;
  function_call: string;
}

export function publishedDataPresent(...names: string[]): boolean {
  const missing = names.filter((name) => !existsSync(new URL(name, folder)));
  if (missing.length > 0)
    console.warn(`shared/data lacks ${missing.join(", ")}: nothing is compared with published rows`);
  return missing.length === 0;
}

export function cruxRows(): CruxRow[] {
  return rows<CruxRow>("cruxeval.jsonl");
}

export function publishedRows(name: string): PublishedRow[] {
  return rows<{ conversations: { value: string }[] }>(name).map(({ conversations: [user, assistant] }) => ({
    prompt: user?.value ?? "",
    think: /<think>\n([\s\S]*)\n<\/think>/.exec(assistant?.value ?? "")?.[1] ?? "",
  }));
}

function rows<T>(name: string): T[] {
  const lines = readFileSync(new URL(name, folder), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line): T => JSON.parse(line));
}
