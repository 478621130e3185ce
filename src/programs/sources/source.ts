import type { SourceError } from "../../base/errors.ts";
import type { JsonNode } from "../../base/io/json-text.ts";
import type { Program } from "../../base/schema/program.ts";

/** Where an input row is: the file as the user wrote it, and its line or element counted from 1. */
export interface RowPlace {
  readonly file: string;
  readonly row: number;
}

/** What an adapter may want to know besides the row itself. */
export interface RowContext extends RowPlace {
  /** For rows without an id of their own; unique in the input. */
  readonly fallbackId: string;
  /** The row read without loss; slower than the plain row, so read only when asked for. */
  exact(): JsonNode;
  /** Tells that the row has fields that are no part of a program, and are carried along. */
  carried(names: readonly string[]): void;
}

/** Why a row is rejected that could not be read, or that stands for all rows from there on: the input is not whole. */
export const UNREAD = "corrupt-file";

/** An input row, or a part of one, that became no program. */
export interface RejectedRow {
  readonly place: RowPlace;
  /** Known when it is one of a row's programs that is rejected. */
  readonly id?: string;
  readonly reason: string;
  readonly message: string;
}

/** A part of a row that is no program, while the row's other parts are. */
export interface FaultyPart {
  readonly id: string;
  readonly fault: SourceError;
}

/** Where programs can come from, as people are told. */
export interface SourceListing {
  /** As `--source` names it. */
  readonly name: string;
  readonly title: string;
  /** Two lines that show what goes in. */
  readonly example: string;
}

/** One kind of input row. */
export interface SourceAdapter extends SourceListing {
  /** Whether the row's fields are those of this kind. */
  detect(row: Readonly<Record<string, unknown>>): boolean;
  /** Throws SourceError, which names the field and the fix, for a row without any program. */
  programs(row: Readonly<Record<string, unknown>>, context: RowContext): Iterable<Program | FaultyPart>;
}
