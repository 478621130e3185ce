import { SourceError } from "../../base/errors.ts";

type Row = Readonly<Record<string, unknown>>;

export function textField(row: Row, name: string): string {
  const value = row[name];
  if (typeof value === "string") return value;
  throw wrongField(name, value, "a string");
}

/** Undefined when the row does not have it. */
export function optionalTextField(row: Row, name: string): string | undefined {
  const value = row[name];
  return value === undefined || value === null ? undefined : textField(row, name);
}

/** A string or whole number, as text; undefined when the row does not have it. */
export function optionalIdField(row: Row, name: string): string | undefined {
  const value = row[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string" && value !== "") return value;
  if (Number.isSafeInteger(value)) return String(value);
  throw wrongField(name, value, "a non-empty string or a whole number");
}

/** What the adapter did not use, to be carried along; undefined when there is nothing. */
export function otherFields(row: Row, used: readonly string[]): Record<string, unknown> | undefined {
  // What is null in a table is a column of other rows.
  const others = Object.entries(row).filter(([name, value]) => !used.includes(name) && value !== null);
  return others.length === 0 ? undefined : Object.fromEntries(others);
}

export function wrongField(name: string, value: unknown, wanted: string): SourceError {
  return value === undefined
    ? new SourceError("missing-field", `The row has no field "${name}"; give it ${wanted}.`)
    : new SourceError("wrong-type", `The field "${name}" is ${kindOf(value)}; make it ${wanted}.`);
}

export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (value === "") return "an empty string";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
