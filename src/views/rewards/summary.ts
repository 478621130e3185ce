import type { ReplyVerdict } from "./verdict.ts";

export interface KindSummary {
  scored: number;
  right: number;
}

/** What many verdicts come to. Means are over the replies that were scored; null where none was. */
export interface ScoreSummary {
  replies: number;
  scored: number;
  unscored: number;
  invalid: number;
  right: number;
  meanCredit: number | null;
  meanReward: number | null;
  /** Replies by reason. */
  reasons: Record<string, number>;
  kinds: Record<string, KindSummary>;
  /** Of questions that follow from each other: how many chains there are, and how much of them holds, 0 to 1. */
  consistency: { chains: number; score: number | null };
}

/** Takes verdicts one after the other. */
export class Summing {
  readonly #counts: Omit<ScoreSummary, "meanCredit" | "meanReward" | "consistency"> = {
    replies: 0,
    scored: 0,
    unscored: 0,
    invalid: 0,
    right: 0,
    reasons: {},
    kinds: {},
  };
  #credit = 0;
  #reward = 0;
  readonly #chains: Map<string, boolean[]> = new Map();

  add({ sample, kind, outcome, reason, credit, reward, chain }: ReplyVerdict): void {
    const counts = this.#counts;
    counts.replies++;
    counts[outcome]++;
    counts.reasons[reason] = (counts.reasons[reason] ?? 0) + 1;
    if (outcome !== "scored") return;
    const right = reason === "right";
    counts.kinds[kind] ??= { scored: 0, right: 0 };
    const ofKind = counts.kinds[kind];
    ofKind.scored++;
    ofKind.right += Number(right);
    counts.right += Number(right);
    this.#credit += credit ?? 0;
    this.#reward += reward ?? 0;
    if (chain === undefined) return;
    const links = this.#chains.get(`${sample} ${chain}`) ?? [];
    links.push(right);
    this.#chains.set(`${sample} ${chain}`, links);
  }

  summary(): ScoreSummary {
    const { scored } = this.#counts;
    const chains = Array.from(this.#chains.values(), consistencyOf);
    return {
      ...this.#counts,
      meanCredit: scored === 0 ? null : this.#credit / scored,
      meanReward: scored === 0 ? null : this.#reward / scored,
      consistency: {
        chains: chains.length,
        score: chains.length === 0 ? null : chains.reduce((sum, one) => sum + one, 0) / chains.length,
      },
    };
  }
}

/**
 * REval's incremental consistency: 1 where every answer of a chain is right, half of it for each right one that is
 * missing at the end, and 0 where a right answer follows a wrong one or none is right.
 */
export function consistencyOf(links: readonly boolean[]): number {
  const first = links.indexOf(false);
  const held = first < 0 ? links.length : first;
  if (held === 0 || links.slice(held).some(Boolean)) return 0;
  return 2 ** (held - links.length);
}
