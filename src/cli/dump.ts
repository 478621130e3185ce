import { UsageError } from "../errors.ts";
import { dump } from "../record/dump.ts";
import { openRecords } from "../run/render-run.ts";
import { EXIT } from "./exit.ts";
import { printOut } from "./stdout.ts";

/** Every record as text, behind a line with its program's id. */
export async function dumpCommand(records: string, id: string | undefined): Promise<number> {
  await using reader = await openRecords(records);
  let found = false;
  for await (const { program, record } of reader.rows()) {
    if (id !== undefined && program.id !== id) continue;
    found = true;
    const text = dump(record);
    // An id may hold a line break, which must not look like a line of its own.
    const shown = /^[ -~]*$/.test(program.id) ? program.id : JSON.stringify(program.id);
    await printOut(`# ${shown}\n${text.endsWith("\n") ? text : `${text}\n`}`);
    if (id !== undefined) break;
  }
  if (id !== undefined && !found) {
    throw new UsageError(
      "unknown-id",
      `There is no program ${JSON.stringify(id)} in ${records}; dump it without --id.`,
    );
  }
  return EXIT.ok;
}
