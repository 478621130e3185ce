import { ParseError } from "../../../base/errors.ts";
import { type CodeexecutorLine, parseCodeexecutor } from "../../formats/codeexecutor.ts";
import { aligned, type Overlap, overlap } from "./counts.ts";

/** How a predicted trace in CodeExecutor's tokens stands to the true one. */
export interface CodeexecutorScore {
  /** Null where the true trace has no output. */
  readonly output: boolean | null;
  readonly exact: boolean;
  /** Published: line against line at the same place, so that one missing line costs all behind it. Else aligned. */
  readonly lines: { readonly published: Overlap; readonly aligned: Overlap };
  /** Names with their values; published: at the same place, and of a value what stands before its first colon. */
  readonly identifiers: { readonly published: Overlap; readonly aligned: Overlap };
}

/** A text that is no trace predicts nothing. @param truth as the format `codeexecutor` writes it */
export function codeexecutorScore(truth: string, predicted: string): CodeexecutorScore {
  const actual = traceOf(truth);
  const given = tryTrace(predicted);
  const pairs = actual.lines.flatMap((_, i): [number, number][] => (i < given.lines.length ? [[i, i]] : []));
  const alongside = aligned(actual.lines.map(placeOf), given.lines.map(placeOf));
  const [goldTexts, texts] = [actual.lines.map(textOf), given.lines.map(textOf)];
  const inPlace = pairs.filter(([i, j]) => goldTexts[i] === texts[j]).length;
  const inOrder = aligned(goldTexts, texts).length;
  return {
    output: actual.output === null ? null : actual.output === given.output,
    exact: truth.trim() === predicted.trim(),
    lines: {
      published: overlap(inPlace, texts.length, goldTexts.length),
      aligned: overlap(inOrder, texts.length, goldTexts.length),
    },
    identifiers: {
      published: identifiers(actual.lines, given.lines, pairs, (value) => value.split(":")[0]?.trim() ?? ""),
      aligned: identifiers(actual.lines, given.lines, alongside, (value) => value),
    },
  };
}

interface ParsedTrace {
  readonly lines: readonly CodeexecutorLine[];
  readonly output: string | null;
}

function traceOf(text: string): ParsedTrace {
  const parts = parseCodeexecutor(text.trim());
  return {
    lines: parts.filter(({ line }) => line !== null),
    output: parts.find(({ line }) => line === null)?.text ?? null,
  };
}

function tryTrace(text: string): ParsedTrace {
  try {
    return traceOf(text);
  } catch (error) {
    if (error instanceof ParseError) return { lines: [], output: null };
    throw error;
  }
}

function placeOf({ line }: CodeexecutorLine): string {
  return String(line);
}

function textOf({ line, names, text }: CodeexecutorLine): string {
  return JSON.stringify([line, Array.from(names), text]);
}

function identifiers(
  actual: readonly CodeexecutorLine[],
  given: readonly CodeexecutorLine[],
  pairs: readonly (readonly [number, number])[],
  shown: (value: string) => string,
): Overlap {
  let right = 0;
  for (const [i, j] of pairs) {
    const gold = actual[i]?.names;
    for (const [name, value] of given[j]?.names ?? []) {
      const wanted = gold?.get(name);
      if (wanted !== undefined && shown(wanted) === shown(value)) right++;
    }
  }
  const count = (lines: readonly CodeexecutorLine[]): number => lines.reduce((sum, { names }) => sum + names.size, 0);
  return overlap(right, count(given), count(actual));
}
