// The vocabulary. The three lists of a function's name have 40 words each: together 64,000 names.

const VERBS = words(
  "count merge filter group rank score split join collect reduce scan build fold trim pack check find match select sort " +
    "update apply scale shift rotate weigh sum average balance bucket chain clean compare compute convert encode decode " +
    "expand flatten index",
);
const ADJECTIVES = words(
  "active open closed recent daily weekly early late small large short long even odd first last next prior public local " +
    "remote hidden valid broken fresh stale heavy light warm cold main spare total partial dense sparse upper lower inner outer",
);
const NOUNS = words(
  "orders items words tokens users scores points prices parts nodes edges rows cells lines pages files tasks jobs events " +
    "visits votes ranks levels steps codes keys names labels tags teams games rooms seats routes stops trips loads boxes " +
    "cards coins",
);

/** Values of strings, and keys. */
export const WORDS: readonly string[] = words(
  "alpha beta gamma delta apple banana cherry date red green blue amber north south east west cat dog fox owl iron gold tin " +
    "zinc mon tue wed thu fri sat sun rain snow wind code test data ruby java rust",
);

export const CLASSES: readonly string[] = words(
  "Account Basket Ledger Tracker Buffer Meter Shelf Register Inventory Journal",
);
export const ATTRIBUTES: readonly string[] = words("total level amount balance size weight");
export const METHODS: readonly string[] = words("add push record apply absorb store");

const NAMES = 64_000;

/** One of 64,000 names, each once; from then on with a number behind it, so that no two indexes share one. */
export function entryName(index: number, seed: number): string {
  const lap = Math.floor(index / NAMES);
  // 27,691 has no divisor in common with 64,000: neighbours differ in all three words.
  const at = ((index % NAMES) * 27_691 + (seed % NAMES)) % NAMES;
  const name = `${VERBS[at % 40]}_${ADJECTIVES[Math.floor(at / 40) % 40]}_${NOUNS[Math.floor(at / 1_600)]}`;
  return lap === 0 ? name : `${name}_${lap + 1}`;
}

/** What the helpers of a program are called; `number` tells them apart. */
export function helperName(pick: number, number: number): string {
  const verb = VERBS[pick % 40] as string;
  return `${verb}_${["value", "part", "step", "result"][number % 4]}`;
}

function words(text: string): readonly string[] {
  return text.split(" ");
}
