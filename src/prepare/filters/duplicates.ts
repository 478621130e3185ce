import { IdSet } from "../../programs/sources/id-set.ts";
import { ArgumentReader } from "./argument-values.ts";
import type { ProgramFilter } from "./program-filter.ts";

export const duplicatesFilter: ProgramFilter = {
  name: "duplicates",
  title: "programs that an earlier one of the input equals: the same source, and the same arguments however written",
  reasons: ["duplicate-input"],
  async open(options) {
    const reader = await ArgumentReader.open(options);
    const seen = new IdSet();
    return {
      async sift(programs) {
        const found = await reader.read(programs);
        return found.map(({ key }, i) => {
          const { code, entry, stdin = "", argv = [] } = (programs[i] as (typeof programs)[number]).program;
          if (seen.add(JSON.stringify([code, key ?? entry, stdin, argv]))) return null;
          return { reason: "duplicate-input", message: "An earlier program has the same source and the same input." };
        });
      },
      [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
    };
  },
};
