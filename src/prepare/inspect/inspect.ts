import { hashText } from "../../base/io/hash.ts";
import type { ProgramInput } from "../../base/schema/program.ts";
import type { Programs } from "../../engine/pool/program-batches.ts";
import {
  type EntryCall,
  type FactsAnswer,
  type FactsError,
  factsAnswerSchema,
  type InspectRow,
  type SourceFacts,
} from "./facts.ts";
import { isFault, SandboxedScript, type ScriptOptions } from "./sandboxed-script.ts";

export type InspectOptions = ScriptOptions;

/** Sources whose facts are remembered, those used last. */
const CACHED = 1_000;
/** Programs that are asked for at once. */
const WINDOW = 128;

type Known = { facts: SourceFacts } | { error: FactsError };

const UNKNOWN: { error: FactsError } = { error: { type: "NoAnswer", message: "nothing is known of it", line: null } };

/** What Python's own grammar says of programs, which are not run: one row for each, in order. */
export async function* inspect(
  programs: Programs,
  options: InspectOptions = {},
): AsyncGenerator<InspectRow, void, undefined> {
  await using inspector = await Inspector.open(options);
  for await (const together of windows(programs)) yield* await inspector.inspect(together);
}

/** The programs as they are asked for at once. */
export async function* windows<P extends ProgramInput>(
  programs: Iterable<P> | AsyncIterable<P>,
): AsyncGenerator<P[], void, undefined> {
  let window: P[] = [];
  for await (const program of programs) {
    window.push(program);
    if (window.length < WINDOW) continue;
    yield window;
    window = [];
  }
  if (window.length > 0) yield window;
}

/** The same for many small questions: keeps its tracer process, and the facts of sources it saw. */
export class Inspector implements AsyncDisposable {
  readonly #script: SandboxedScript;
  /** By the hash of the source. */
  readonly #known: Map<string, Known> = new Map();

  private constructor(script: SandboxedScript) {
    this.#script = script;
  }

  static async open(options: InspectOptions = {}): Promise<Inspector> {
    const modules = ["ast", "hashlib", "json", "re", "symtable"];
    return new Inspector(await SandboxedScript.open("prepare/inspect/facts.py", modules, options));
  }

  get python(): string {
    return this.#script.python;
  }

  async inspect(programs: readonly ProgramInput[]): Promise<InspectRow[]> {
    const groups = new Map<string, number[]>();
    for (const [i, { code }] of programs.entries()) {
      const key = hashText(code);
      groups.set(key, [...(groups.get(key) ?? []), i]);
    }
    const before = new Map(Array.from(groups.keys(), (key) => [key, this.#known.get(key)]));
    const asked = Array.from(groups, ([key, members]) => ({
      code: before.get(key) !== undefined ? null : (programs[members[0] as number] as ProgramInput).code,
      entries: members.map((i) => (programs[i] as ProgramInput).entry ?? null),
    }));
    const answers = await this.#script.ask(asked);
    const rows: InspectRow[] = new Array(programs.length);
    let g = 0;
    for (const [key, members] of groups) {
      const answer = checked(answers[g++]);
      const known = knownFrom(answer) ?? before.get(key) ?? UNKNOWN;
      this.#remember(key, known);
      for (const [n, i] of members.entries()) {
        const entry = "entries" in answer ? answer.entries[n] : undefined;
        rows[i] = rowOf((programs[i] as ProgramInput).id, known, entry);
      }
    }
    return rows;
  }

  /** As the one used last. */
  #remember(key: string, known: Known): void {
    this.#known.delete(key);
    this.#known.set(key, known);
    if (this.#known.size > CACHED) this.#known.delete(this.#known.keys().next().value as string);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#script[Symbol.asyncDispose]();
  }
}

/** Null when the script was not asked for it. */
function knownFrom(answer: FactsAnswer): Known | null {
  if ("error" in answer) return answer;
  return answer.facts === undefined ? null : { facts: answer.facts };
}

function checked(answer: unknown): FactsAnswer {
  if (isFault(answer)) return { error: { type: "NoAnswer", message: answer.fault, line: null } };
  const result = factsAnswerSchema.safeParse(answer);
  if (result.success) return result.data;
  return { error: { type: "NoAnswer", message: "the answer is not of the form it should have", line: null } };
}

function rowOf(id: string, known: Known, entry: EntryCall | undefined): InspectRow {
  if ("error" in known) return { id, error: known.error };
  if (entry === undefined) return { id, ...UNKNOWN };
  if ("error" in entry) {
    return { id, error: { ...entry.error, message: `in the entry: ${entry.error.message}`, line: null } };
  }
  // The last definition of a name is the one that is called.
  const line = known.facts.functions.findLast(({ qualname }) => qualname === entry.function)?.line ?? null;
  return { id, facts: { entry: { ...entry, line }, ...known.facts } };
}
