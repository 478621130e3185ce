// Runs that no program is needed for: the files are what matters.
import { readFileSync } from "node:fs";

/** Good rows, and rows that the source or the format rejects. */
export function sampleRows(count: number): string {
  const line = (i: number): string => {
    if (i % 7 === 3) return "{nope";
    return JSON.stringify({ id: `p${i}`, code: i % 5 === 4 ? "bad" : "good" });
  };
  return Array.from({ length: count }, (_, i) => `${line(i)}\n`).join("");
}

export function outcomeOf(output: string): { rows: string; rejected: string } {
  return { rows: readFileSync(output, "utf8"), rejected: readFileSync(`${output}.rejected.jsonl`, "utf8") };
}
