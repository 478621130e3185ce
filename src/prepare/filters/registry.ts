import { UsageError } from "../../base/errors.ts";
import type { FilterListing } from "../../views/filters/filter.ts";
import { findTraceFilter, TRACE_FILTERS } from "../../views/filters/registry.ts";
import { duplicatesFilter } from "./duplicates.ts";
import { importsFilter } from "./imports.ts";
import { inputSizeFilter } from "./input-size.ts";
import { inputsPerRowFilter } from "./inputs-per-row.ts";
import type { ProgramFilter } from "./program-filter.ts";
import { roundTripFilter } from "./round-trip.ts";

const PROGRAM_FILTERS: readonly ProgramFilter[] = [
  importsFilter,
  duplicatesFilter,
  inputSizeFilter,
  inputsPerRowFilter,
  roundTripFilter,
];

/** Published sets of filters, in their order. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  egr: ["imports", "duplicates", "input-size", "inputs-per-row", "length", "exceptions", "returns"],
  execverify: ["round-trip"],
};

/** What a run leaves out: programs in this order, then traces. */
export interface ChosenFilters {
  readonly programs: readonly ProgramFilter[];
  /** Names, as worker threads find them. */
  readonly traces: readonly string[];
}

export function listFilters(): readonly FilterListing[] {
  return [...PROGRAM_FILTERS, ...TRACE_FILTERS];
}

/** Names that stand for several filters. */
export function filterGroups(): Readonly<Record<string, readonly string[]>> {
  return GROUPS;
}

/** The filters of these names, each once, those of groups in their place. */
export function chooseFilters(names: readonly string[]): ChosenFilters {
  const programs: ProgramFilter[] = [];
  const traces: string[] = [];
  for (const name of new Set(
    names.flatMap((name) => (Object.hasOwn(GROUPS, name) ? (GROUPS[name] as readonly string[]) : [name])),
  )) {
    const program = PROGRAM_FILTERS.find((filter) => filter.name === name);
    if (program !== undefined) programs.push(program);
    else if (findTraceFilter(name) !== undefined) traces.push(name);
    else throw unknownFilter(name);
  }
  return { programs, traces };
}

function unknownFilter(name: string): UsageError {
  const names = [...listFilters().map((filter) => filter.name), ...Object.keys(GROUPS)].join(", ");
  return new UsageError("unknown-filter", `There is no filter ${JSON.stringify(name)}. Use some of: ${names}.`);
}
