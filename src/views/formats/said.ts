/** What a row says of a run, in parts: what prompts are made of, and where tokens are counted. */
export interface Said {
  /** What the row itself asks; null: it asks nothing. */
  readonly system: string | null;
  readonly user: string | null;
  /** What a model should say; null: the row only asks. */
  readonly answer: string | null;
  /** The trace alone. */
  readonly trace: string;
  /** `repr` of the result; null: the row does not tell. */
  readonly result: string | null;
}

/** A row that is nothing but a trace. */
export function traceAlone(trace: string, result: string | null): Said {
  return { system: null, user: null, answer: trace, trace, result };
}

/** All that a model reads and writes of the row. */
export function saidText({ system, user, answer }: Said): string {
  return [system, user, answer].filter((part) => part !== null).join("\n");
}
