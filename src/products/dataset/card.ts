import { basename } from "node:path";
import { findRenderer } from "../../views/formats/registry.ts";
import type { WrittenSplit } from "./dataset-folder.ts";
import type { Place } from "./prompt.ts";
import type { Recipe } from "./recipe.ts";
import type { Split } from "./split.ts";

/** What a data set says about itself; its card says it to people. */
export interface DatasetFacts {
  dataset: 1;
  name: string;
  recipe: Recipe;
  /** `shows` are the places of its templates. */
  prompt: { name: string; sha256: string | null; shows: Place[] };
  /** How they were counted; null: they were not. */
  tokens: { chatTemplate: boolean } | null;
  versions: { tracemill: string; node: string; python: string | null };
  seeds: { random: number; hash: number; split: number };
  /** That were run. */
  programs: number;
  statuses: Record<string, number>;
  /** Programs and rows that are in no split, by reason. */
  left: Record<string, number>;
  splits: { [S in Split]?: WrittenSplit };
  inputs: { path: string; bytes: number; sha256: string | null }[];
  /** Equal for builds that must give the same data set. */
  fingerprint: string;
}

/** What lies in the folder, for programs. */
export interface DatasetManifest extends DatasetFacts {
  /** SHA-256 of every other file of the folder. */
  files: Record<string, string>;
}

/** As the Hugging Face Hub reads it: front matter, then text. */
export function dataCard(manifest: DatasetFacts): string {
  const { name, recipe, versions, seeds, programs, statuses, left, splits, inputs } = manifest;
  const files = Object.entries(splits).map(([split, { file }]) => `      - split: ${split}\n        path: ${file}`);
  const front = [
    "---",
    `license: ${JSON.stringify(recipe.licence)}`,
    "configs:",
    "  - config_name: default",
    "    data_files:",
    ...files,
    "---",
  ];
  return `${front.join("\n")}

# ${name}

Python programs that were run, and what their runs were: ${programs} programs of ${inputs.length} files, rendered as
\`${recipe.renderer}\`${correctionOf(recipe)}, in rows of the kind \`${recipe.output.kind}\`. Licence: ${recipe.licence}.
${answersOf(manifest)}
## Rows

${table(
  ["split", "file", "rows", "characters: least", "median", "95 %", "most", "SHA-256"],
  Object.entries(splits).map(([split, s]) => [split, s.file, s.rows, s.min, s.median, s.p95, s.max, s.sha256]),
)}
${tokenReport(manifest)}
Splits are by source: all rows of a program, and of programs that are nearly the same (${recipe.split.similarity} and more of
their tokens' 5-grams, or equal but for names and layout), are in one. Seed of the split: ${seeds.split}.

## Programs

${table(["how the run ended", "programs"], Object.entries(statuses))}

${table(["left out because of", "programs and rows"], Object.entries(left))}

Filters: ${recipe.filters.join(", ") || "none"}. Kept apart from: ${
    recipe.decontaminate.against.map((set) => set.name).join(", ") || "no evaluation set"
  } (${recipe.decontaminate.ngram} words in a row, or the same syntax tree but for names).
${comparisonOf(recipe)}
## Made from

${table(
  ["input", "bytes", "SHA-256"],
  inputs.map(({ path, bytes, sha256 }) => [path, bytes, sha256 ?? "not read to its end"]),
)}

${promptOf(manifest)} tracemill ${versions.tracemill}, Python ${versions.python}, Node
${versions.node}; seed of Python's random ${seeds.random}, of its hashes ${seeds.hash}. \`manifest.json\` has all of this and the
recipe; \`rejected.jsonl\` has every row that was left out, and why.
`;
}

/** What the renderer made of the published text; nothing where that has no fault. */
function correctionOf({ renderer, correct }: Recipe): string {
  if (findRenderer(renderer).corrects === null) return "";
  return correct ? ", corrected" : ", as published";
}

/** Which rows are kept so that formats can be compared. */
function comparisonOf({ fits }: Recipe): string {
  if (fits === undefined) return "";
  return `
Rows are those that have at most ${fits.maxTokens} tokens in each of the formats ${fits.formats.join(", ")}.
`;
}

/** Where answers come from that are no renderer's. */
function answersOf({ recipe, prompt: { shows } }: DatasetFacts): string {
  if (recipe.solutions.length > 0) {
    return `
Right programs pass the tests of their rows, and give the same literal in two runs of the call that is shown. The faulty
ones do not give it.
`;
  }
  if (!shows.includes("otherTrace") && !shows.includes("otherResult")) return "";
  return `
Rejected answers are true of another input of the same program, whose result is another literal of another value.
`;
}

function promptOf({ prompt: { name, sha256 } }: DatasetFacts): string {
  return sha256 === null ? "Questions and answers are the renderer's own." : `Prompt: \`${name}\`, SHA-256 ${sha256}.`;
}

/** Empty where no tokens were counted. */
function tokenReport({ recipe: { tokenizer, cutoffTokens }, tokens: how, splits }: DatasetFacts): string {
  if (tokenizer === undefined) return "";
  const rows = Object.entries(splits).flatMap(([split, { tokens }]) => {
    if (tokens === undefined) return [];
    return [[split, tokens.min, tokens.median, tokens.p95, tokens.max]];
  });
  return `
${table(["split", "tokens: least", "median", "95 %", "most"], rows)}

Tokens are counted by \`${basename(tokenizer)}\`, ${how?.chatTemplate ? "in its chat template" : "without those that a chat template adds"}.${cutoffTokens === undefined ? "" : ` Rows of more than ${cutoffTokens} are left out.`}
`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`).join("\n");
}
