import { UsageError } from "../../base/errors.ts";
import { generateSource } from "../generate/generate.ts";
import { appsSource } from "./apps.ts";
import { cruxevalCallsSource, cruxevalSource, stdinSource } from "./cruxeval.ts";
import { humanevalSource, mbppSource } from "./function-tests.ts";
import { livecodebenchSource } from "./livecodebench.ts";
import { livecodebenchTestsSource } from "./livecodebench-tests.ts";
import { mbppRepairSource } from "./mbpp-repair.ts";
import { nativeSource } from "./native.ts";
import { pyeduSource } from "./pyedu.ts";
import { revalSource } from "./reval.ts";
import type { SourceAdapter, SourceListing } from "./source.ts";
import { theStackSource } from "./the-stack.ts";

/** In the order of detection: kinds with more fields before kinds that share some of them. */
const SOURCES: readonly SourceAdapter[] = [
  pyeduSource,
  revalSource,
  humanevalSource,
  mbppRepairSource,
  appsSource,
  livecodebenchTestsSource,
  mbppSource,
  cruxevalCallsSource,
  livecodebenchSource,
  stdinSource,
  cruxevalSource,
  nativeSource,
  theStackSource,
];

/** The kinds of rows, and what needs no rows. */
export function listSources(): readonly SourceListing[] {
  return [...SOURCES, generateSource];
}

/** Of rows. */
export function findSource(name: string): SourceAdapter {
  const found = SOURCES.find((source) => source.name === name);
  if (found !== undefined) return found;
  if (name === generateSource.name) {
    throw new UsageError("bad-option", `The source "${name}" makes its programs itself; give it no rows to read.`);
  }
  const names = listSources()
    .map((source) => source.name)
    .join(", ");
  throw new UsageError("unknown-source", `There is no source ${JSON.stringify(name)}. Use one of: ${names}.`);
}

export function detectSource(row: Readonly<Record<string, unknown>>): SourceAdapter | undefined {
  // Tables have every column in every row: what is null there is none of the row's fields.
  const given = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
  return SOURCES.find((source) => source.detect(given)) ?? SOURCES.find((source) => source.detect(row));
}
