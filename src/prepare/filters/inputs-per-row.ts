import { hashText } from "../../base/io/hash.ts";
import type { ProgramFilter, ReadProgram } from "./program-filter.ts";

const MOST = 10;

/** Which ones stay is decided by a hash of their ids: the same ones in every run, spread over the row. */
export const inputsPerRowFilter: ProgramFilter = {
  name: "inputs-per-row",
  title: `all but ${MOST} programs of a row, chosen by a hash of their ids`,
  reasons: ["too-many-inputs"],
  open: async () => ({
    async sift(programs) {
      const kept = new Set<ReadProgram>();
      for (const row of rowsOf(programs)) {
        const ordered = row
          .map((item) => ({ item, hash: hashText(item.program.id) }))
          .sort((a, b) => (a.hash < b.hash ? -1 : 1));
        for (const { item } of ordered.slice(0, MOST)) kept.add(item);
      }
      return programs.map((item) =>
        kept.has(item) ? null : { reason: "too-many-inputs", message: `The row has more than ${MOST} programs.` },
      );
    },
    [Symbol.asyncDispose]: async () => {},
  }),
};

function rowsOf(programs: readonly ReadProgram[]): ReadProgram[][] {
  const rows = new Map<string, ReadProgram[]>();
  for (const item of programs) {
    const key = `${item.place.row} ${item.place.file}`;
    const row = rows.get(key);
    if (row === undefined) rows.set(key, [item]);
    else row.push(item);
  }
  return [...rows.values()];
}
