import { UsageError } from "../../base/errors.ts";
import { type RejectedRow, UNREAD } from "../../programs/sources/source.ts";

/** What is held against the rows must be whole: of damaged rows it cannot be told what they would have said. */
export function refuseDamage({ reason, place, message }: RejectedRow, what: string): void {
  if (reason !== UNREAD) return;
  throw new UsageError("bad-input", `${place.file}, ${what}, is damaged at row ${place.row}: ${message} Get it again.`);
}
