import { zstdCodec } from "../../base/addon/codec.ts";
import { UsageError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import { openRecords } from "../../jobs/render.ts";
import { RecordFileReader } from "../../record/store/container.ts";
import { dump } from "../../record/trace/dump.ts";
import { Trace } from "../../record/trace/trace.ts";
import { type Verdict, verdictOf } from "../../views/verdict/verdict.ts";
import { EXIT } from "./exit.ts";
import { printOut } from "./stdout.ts";

/** Every record as text, behind a line with its program's id, before one with the verdict where its row expects something. */
export async function dumpCommand(records: string, id: string | undefined): Promise<number> {
  await using bytes = await openRecords(records);
  const reader = await RecordFileReader.open(bytes, zstdCodec());
  let found = false;
  for await (const { program, record } of reader.rows()) {
    if (id !== undefined && program.id !== id) continue;
    found = true;
    const text = dump(record);
    const verdict = verdictText(verdictIn(program, new Trace(record)));
    // An id may hold a line break, which must not look like a line of its own.
    const shown = /^[ -~]*$/.test(program.id) ? program.id : JSON.stringify(program.id);
    await printOut(`# ${shown}\n${text.endsWith("\n") ? text : `${text}\n`}${verdict}`);
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

function verdictText(verdict: Verdict | null): string {
  if (verdict === null) return "";
  return verdict.is === "not-comparable" ? `verdict not-comparable: ${verdict.reason}\n` : `verdict ${verdict.is}\n`;
}

function verdictIn(program: Program, trace: Trace): Verdict | null {
  return verdictOf(program, trace.outcome, () => trace.stdout);
}
