import { filterGroups, listFilters } from "../../prepare/filters/registry.ts";
import { listSources } from "../../programs/sources/registry.ts";
import { listFormats } from "../../views/formats/registry.ts";
import { listForms } from "../../views/questions/forms.ts";
import { EXIT } from "./exit.ts";
import { printOut } from "./stdout.ts";

interface Entry {
  readonly name: string;
  readonly title: string;
  readonly example: string;
  readonly corrects?: string | null;
  readonly skips?: string;
}

export async function formatsCommand(json: boolean): Promise<number> {
  const formats = listFormats().map(({ name, title, example, corrects, skips, extension }) => ({
    name,
    title,
    example,
    corrects,
    skips,
    extension,
  }));
  const forms = listForms().map(({ name, title, example, corrects }) => ({
    name,
    title: `${title} (tracemill questions)`,
    example,
    corrects,
    extension: ".jsonl",
  }));
  return printEntries([...formats, ...forms], json);
}

export async function sourcesCommand(json: boolean): Promise<number> {
  return printEntries(
    listSources().map(({ name, title, example }) => ({ name, title, example })),
    json,
  );
}

export async function filtersCommand(json: boolean): Promise<number> {
  const filters = listFilters().map(({ name, title, reasons }) => ({
    name,
    title,
    example: `reasons: ${reasons.join(", ")}`,
  }));
  const groups = Object.entries(filterGroups()).map(([name, members]) => ({
    name,
    title: "a published set of filters",
    example: members.join(","),
  }));
  return printEntries([...filters, ...groups], json);
}

async function printEntries(entries: readonly Entry[], json: boolean): Promise<number> {
  const shown = entries.map(({ name, title, example, corrects, skips }) => {
    const correct = corrects ? `  --correct: ${corrects}\n` : "";
    const skipped = skips === undefined ? "" : `  iterations left out: ${skips}\n`;
    return `${name}\n  ${title}\n${correct}${skipped}${example.replace(/^/gm, "    ")}\n`;
  });
  await printOut(json ? `${JSON.stringify(entries, null, 2)}\n` : shown.join("\n"));
  return EXIT.ok;
}
