import { z } from "zod";

/** Lines count from 1, and the last one belongs to the span. */
export interface Span {
  line: number;
  endLine: number;
}

export interface FunctionFacts extends Span {
  name: string;
  /** As `__qualname__`. */
  qualname: string;
  body: Span;
  async: boolean;
  generator: boolean;
  parameters: { name: string; kind: ParameterKind; default: boolean }[];
}

export type ParameterKind = "positional-only" | "positional" | "var-positional" | "keyword-only" | "var-keyword";

/** As Python's symbol table has them: from 3.12 on, names of inlined comprehensions are those of the scope around. */
export interface ScopeFacts {
  kind: string;
  qualname: string;
  line: number;
  parameters: string[];
  locals: string[];
  globals: string[];
  nonlocals: string[];
  free: string[];
}

/** Columns count characters from 0, the end exclusive. */
export interface StatementFacts extends Span {
  /** As Python's `ast` names it. */
  kind: string;
  column: number;
  endColumn: number;
  /** Qualified name of the scope it is in. */
  scope: string;
}

export interface LoopFacts extends Span {
  kind: "for" | "while" | "async for" | "comprehension";
  body: Span;
  else: Span | null;
  /** Loops around it in the same scope. */
  depth: number;
  scope: string;
}

export interface BranchFacts extends Span {
  kind: "if" | "conditional" | "match" | "try";
  /** What may run, in the order of the source; an `elif` is a branch of its own in the last arm. */
  arms: Span[];
  scope: string;
}

/** What is true of a program without running it. */
export interface Facts {
  /** `line` is that of the function's definition; null when the program defines no function of that name. */
  entry: { kind: "module" | "call" | "expression"; function: string | null; line: number | null };
  imports: { module: string; name: string | null; as: string | null; line: number }[];
  /** Names of imported modules that are used, written in full: `numpy.random.rand`. */
  uses: string[];
  functions: FunctionFacts[];
  scopes: ScopeFacts[];
  statements: StatementFacts[];
  loops: LoopFacts[];
  branches: BranchFacts[];
  /** Equal for sources that differ in layout, comments, docstrings, annotations and names only. */
  shape: string;
}

export interface FactsError {
  type: string;
  message: string;
  line: number | null;
}

/** One program's row. */
export type InspectRow = { id: string; facts: Facts } | { id: string; error: FactsError };

export type SourceFacts = Omit<Facts, "entry">;

const line = z.int().nonnegative();
const span = { line, endLine: line };
const name = z.string();
const scope = z.string();

const sourceFacts: z.ZodType<SourceFacts> = z.object({
  imports: z.array(z.object({ module: name, name: name.nullable(), as: name.nullable(), line })),
  uses: z.array(name),
  functions: z.array(
    z.object({
      ...span,
      name,
      qualname: name,
      body: z.object(span),
      async: z.boolean(),
      generator: z.boolean(),
      parameters: z.array(
        z.object({
          name,
          kind: z.enum(["positional-only", "positional", "var-positional", "keyword-only", "var-keyword"]),
          default: z.boolean(),
        }),
      ),
    }),
  ),
  scopes: z.array(
    z.object({
      kind: z.string(),
      qualname: name,
      line,
      parameters: z.array(name),
      locals: z.array(name),
      globals: z.array(name),
      nonlocals: z.array(name),
      free: z.array(name),
    }),
  ),
  statements: z.array(z.object({ ...span, kind: z.string(), column: line, endColumn: line, scope })),
  loops: z.array(
    z.object({
      ...span,
      kind: z.enum(["for", "while", "async for", "comprehension"]),
      body: z.object(span),
      else: z.object(span).nullable(),
      depth: line,
      scope,
    }),
  ),
  branches: z.array(
    z.object({
      ...span,
      kind: z.enum(["if", "conditional", "match", "try"]),
      arms: z.array(z.object(span)),
      scope,
    }),
  ),
  shape: z.string(),
});

const error: z.ZodType<FactsError> = z.object({ type: z.string(), message: z.string(), line: line.nullable() });

export type EntryCall = { error: FactsError } | { kind: "module" | "call" | "expression"; function: string | null };

const entryCall: z.ZodType<EntryCall> = z.union([
  z.object({ error }),
  z.object({ kind: z.enum(["module", "call", "expression"]), function: name.nullable() }),
]);

/** What the script answers for one source. */
export type FactsAnswer = { facts?: SourceFacts | undefined; entries: EntryCall[] } | { error: FactsError };

export const factsAnswerSchema: z.ZodType<FactsAnswer> = z.union([
  z.object({ error }),
  z.object({ facts: sourceFacts.optional(), entries: z.array(entryCall) }),
]);
