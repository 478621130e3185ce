import { UsageError } from "../../base/errors.ts";
import { type ReadOptions, readPrograms } from "../../programs/sources/read.ts";

/** Programs that are looked at before a build with pairs is let go on. */
const LOOKED_AT = 100_000;

/** Throws UsageError where no program has a second input: a pair is two inputs of one source, one after the other. */
export async function refuseSingleInputs(inputs: readonly string[], reading: ReadOptions): Promise<void> {
  let programs = 0;
  let last: string | null = null;
  for await (const item of readPrograms(inputs, reading)) {
    if (!("program" in item)) continue;
    const { code, entry } = item.program;
    if (code === last && entry !== null) return;
    last = code;
    if (++programs >= LOOKED_AT) return;
  }
  const advice = "take rows with several, such as PyEdu's, or another recipe";
  throw new UsageError(
    "no-pairs",
    `None of the ${programs} programs has a second input to make a pair with: ${advice}.`,
  );
}
