import { UsageError } from "../errors.ts";
import { cruxevalCallsSource, cruxevalSource } from "./cruxeval.ts";
import { nativeSource } from "./native.ts";
import { pyeduSource } from "./pyedu.ts";
import type { SourceAdapter } from "./source.ts";

/** In the order of detection: kinds with more fields before kinds that share some of them. */
const SOURCES: readonly SourceAdapter[] = [pyeduSource, cruxevalCallsSource, cruxevalSource, nativeSource];

export function listSources(): readonly SourceAdapter[] {
  return SOURCES;
}

export function findSource(name: string): SourceAdapter {
  const found = SOURCES.find((source) => source.name === name);
  if (found !== undefined) return found;
  const names = SOURCES.map((source) => source.name).join(", ");
  throw new UsageError("unknown-source", `There is no source ${JSON.stringify(name)}. Use one of: ${names}.`);
}

export function detectSource(row: Readonly<Record<string, unknown>>): SourceAdapter | undefined {
  return SOURCES.find((source) => source.detect(row));
}
