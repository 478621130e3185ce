import { ArgumentReader } from "./argument-values.ts";
import type { ProgramFilter } from "./program-filter.ts";

export const inputSizeFilter: ProgramFilter = {
  name: "input-size",
  title: "calls with large arguments: 1024 bytes, 20 elements or 100 characters and more, at any depth",
  reasons: ["input-too-large"],
  async open(options) {
    const reader = await ArgumentReader.open(options);
    return {
      async sift(programs) {
        const found = await reader.read(programs);
        return found.map(({ large }) =>
          large === null ? null : { reason: "input-too-large", message: `The call's arguments hold ${large}.` },
        );
      },
      [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
    };
  },
};
