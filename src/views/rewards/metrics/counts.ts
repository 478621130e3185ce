/** Of what was predicted and what is true: how much of the one is in the other. Each is 0 to 1. */
export interface Overlap {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Nothing predicted where nothing is true is all right. */
export function overlap(right: number, predicted: number, actual: number): Overlap {
  if (predicted === 0 && actual === 0) return { precision: 1, recall: 1, f1: 1 };
  const precision = predicted === 0 ? 0 : right / predicted;
  const recall = actual === 0 ? 0 : right / actual;
  return { precision, recall, f1: right === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

/** Cells of the table that an alignment may need; beyond it the rest is compared place by place. */
const MOST_CELLS = 16_000_000;

/**
 * Pairs of places of equal items in the same order, as many as there can be (the longest common subsequence). Equal
 * beginnings and ends are paired without a table.
 */
export function aligned(one: readonly string[], other: readonly string[]): [number, number][] {
  let head = 0;
  while (head < one.length && head < other.length && one[head] === other[head]) head++;
  let tail = 0;
  const most = Math.min(one.length, other.length) - head;
  while (tail < most && one[one.length - 1 - tail] === other[other.length - 1 - tail]) tail++;
  const middle = between(one.slice(head, one.length - tail), other.slice(head, other.length - tail));
  const pairs: [number, number][] = [];
  for (let i = 0; i < head; i++) pairs.push([i, i]);
  for (const [i, j] of middle) pairs.push([i + head, j + head]);
  for (let i = tail; i > 0; i--) pairs.push([one.length - i, other.length - i]);
  return pairs;
}

function between(one: readonly string[], other: readonly string[]): [number, number][] {
  const width = other.length + 1;
  if ((one.length + 1) * width > MOST_CELLS) {
    return one.flatMap((item, i): [number, number][] => (item === other[i] ? [[i, i]] : []));
  }
  const longest = new Uint32Array((one.length + 1) * width);
  const at = (i: number, j: number): number => longest[i * width + j] as number;
  for (let i = one.length - 1; i >= 0; i--) {
    for (let j = other.length - 1; j >= 0; j--) {
      longest[i * width + j] = one[i] === other[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < one.length && j < other.length; ) {
    if (one[i] === other[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}
