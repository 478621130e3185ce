import { z } from "zod";
import { hashText } from "../../base/io/hash.ts";
import { isFault, SandboxedScript, type ScriptOptions } from "../../prepare/inspect/sandboxed-script.ts";

const answer: z.ZodType<{ key: string | null }> = z.object({ key: z.string().nullable() });

interface Result {
  readonly id: string;
  /** `repr` of it; null: there is none. */
  readonly result: string | null;
}

/**
 * Finds, for a run of a program, a run of another input of the program with another result, so that what is true of the
 * one is wrong of the other. Results are compared by value: a result that is no literal has no partner and is none.
 */
export class PartnerFinder implements AsyncDisposable {
  readonly #script: SandboxedScript;
  readonly #seed: number;

  private constructor(script: SandboxedScript, seed: number) {
    this.#script = script;
    this.#seed = seed;
  }

  /** Which of several partners is taken hangs on the seed and the ids alone. */
  static async open(options: ScriptOptions, seed: number): Promise<PartnerFinder> {
    return new PartnerFinder(
      await SandboxedScript.open("products/dataset/literal_keys.py", ["ast", "json"], options),
      seed,
    );
  }

  /** For each of the runs of one program the index of another, or null. */
  async find(runs: readonly Result[]): Promise<(number | null)[]> {
    const keys = await this.#keysOf(runs);
    return runs.map(({ id }, i) => {
      const wanted = keys[i] as string | null;
      if (wanted === null) return null;
      const others = runs.flatMap((run, j) => {
        const key = keys[j] as string | null;
        return key === null || key === wanted ? [] : [{ j, hash: hashText(`${this.#seed}\n${id}\n${run.id}`) }];
      });
      return others.sort((a, b) => (a.hash < b.hash ? -1 : 1))[0]?.j ?? null;
    });
  }

  /** Equal for results that compare equal. */
  async #keysOf(runs: readonly Result[]): Promise<(string | null)[]> {
    const texts = Array.from(new Set(runs.flatMap(({ result }) => (result === null ? [] : [result]))));
    const answers = await this.#script.ask(texts);
    const keys = new Map(
      texts.map((text, i) => [text, isFault(answers[i]) ? null : (answer.safeParse(answers[i]).data?.key ?? null)]),
    );
    return runs.map(({ result }) => (result === null ? null : (keys.get(result) ?? null)));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#script[Symbol.asyncDispose]();
  }
}
