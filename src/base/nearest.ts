/** The name that was probably meant by one that is none of them; null: none is near enough. */
export function nearest(given: string, names: readonly string[]): string | null {
  const text = given.toLowerCase();
  let best: { name: string; distance: number } | null = null;
  for (const name of names) {
    const far = distance(text, name.toLowerCase());
    // Two slips only in long names; the first letter is rarely one.
    const most = name.length >= 7 ? 2 : name.length >= 4 ? 1 : 0;
    if (far > most || text[0] !== name[0]?.toLowerCase()) continue;
    if (best === null || far < best.distance) best = { name, distance: far };
  }
  return best?.name ?? null;
}

/** Letters that are added, left out, changed, or swapped with their neighbour. */
function distance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 2) return Number.POSITIVE_INFINITY;
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= one.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      const swapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const least = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (same ? 0 : 1));
      (rows[i] as number[])[j] = swapped ? Math.min(least, at(i - 2, j - 2) + 1) : least;
    }
  }
  return at(one.length, other.length);
}
