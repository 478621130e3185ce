import { listRenderers } from "../render/registry.ts";
import { listSources } from "../sources/registry.ts";
import { EXIT } from "./exit.ts";
import { printOut } from "./stdout.ts";

interface Entry {
  readonly name: string;
  readonly title: string;
  readonly example: string;
  readonly corrects?: string | null;
}

export async function formatsCommand(json: boolean): Promise<number> {
  return printEntries(
    listRenderers().map(({ name, title, example, corrects, extension, implies }) => ({
      name,
      title,
      example,
      corrects,
      extension,
      implies,
    })),
    json,
  );
}

export async function sourcesCommand(json: boolean): Promise<number> {
  return printEntries(
    listSources().map(({ name, title, example }) => ({ name, title, example })),
    json,
  );
}

async function printEntries(entries: readonly Entry[], json: boolean): Promise<number> {
  const shown = entries.map(({ name, title, example, corrects }) => {
    const correct = corrects ? `  --correct: ${corrects}\n` : "";
    return `${name}\n  ${title}\n${correct}${example.replace(/^/gm, "    ")}\n`;
  });
  await printOut(json ? `${JSON.stringify(entries, null, 2)}\n` : shown.join("\n"));
  return EXIT.ok;
}
