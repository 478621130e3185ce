/** A function's own share, in instructions or samples, and the library that it is in. */
interface OwnCost {
  object: string;
  self: number;
}

/** The libraries that most is spent in, with what their functions' own shares add up to; the greatest first. */
export function costliestLibraries(functions: readonly OwnCost[], most: number): [object: string, self: number][] {
  const sums = new Map<string, number>();
  for (const { object, self } of functions) sums.set(object, (sums.get(object) ?? 0) + self);
  return [...sums].sort(([, a], [, b]) => b - a).slice(0, most);
}
