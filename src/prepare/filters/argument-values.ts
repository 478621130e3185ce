import { z } from "zod";
import { isFault, SandboxedScript } from "../inspect/sandboxed-script.ts";
import type { ReadProgram, SieveOptions } from "./program-filter.ts";

export interface ArgumentValues {
  /** Equal for calls of one function with equal arguments; null when nothing could be found out. */
  readonly key: string | null;
  /** What is over its bound; null: nothing is. */
  readonly large: string | null;
}

const schema: z.ZodType<ArgumentValues> = z.object({ key: z.string(), large: z.string().nullable() });

/** What Python says of the arguments of entries, which are not evaluated but read as literals. */
export class ArgumentReader implements AsyncDisposable {
  readonly #script: SandboxedScript;

  private constructor(script: SandboxedScript) {
    this.#script = script;
  }

  static async open({ python, workers, signal }: SieveOptions): Promise<ArgumentReader> {
    const options = { python, workers, signal };
    return new ArgumentReader(
      await SandboxedScript.open("prepare/filters/values.py", ["ast", "json", "math"], options),
    );
  }

  async read(programs: readonly ReadProgram[]): Promise<ArgumentValues[]> {
    const answers = await this.#script.ask(programs.map(({ program }) => program.entry ?? ""));
    return answers.map((answer) => {
      const result = isFault(answer) ? null : schema.safeParse(answer);
      return result?.success ? result.data : { key: null, large: null };
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#script[Symbol.asyncDispose]();
  }
}
