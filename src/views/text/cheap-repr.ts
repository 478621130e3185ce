// How snoop shortens values: at most so many characters of a text, items of a container and levels of nesting. Worked
// out from the whole repr, since nothing else is recorded; containers of the library are shortened like texts.

import { forEachTopLevel } from "../../python/bindings.ts";

const MOST_CHARS = 100;
/** Characters that a container at the top may take before items are left out. */
const TARGET_LENGTH = 100;
const MOST_LEVELS = 3;
const MOST_ITEMS = 6;
const MOST_MEMBERS = 4;

interface Container {
  readonly left: string;
  readonly right: string;
  /** Sequences show items from both ends. */
  readonly sequence: boolean;
}

const CONTAINERS: readonly Container[] = [
  { left: "[", right: "]", sequence: true },
  { left: "(", right: ")", sequence: true },
  { left: "frozenset({", right: "})", sequence: false },
  { left: "{", right: "}", sequence: false },
];

/** The repr as snoop would show it. */
export function cheapRepr(repr: string): string {
  return shorten(repr, MOST_LEVELS, TARGET_LENGTH);
}

function shorten(repr: string, level: number, target: number | null): string {
  if (/^b?['"]/.test(repr)) return shortenString(repr);
  const container = CONTAINERS.find(({ left, right }) => repr.startsWith(left) && repr.endsWith(right));
  if (container === undefined || repr.length < container.left.length + container.right.length) {
    return /^-?\d+$/.test(repr) ? repr : shortenText(Array.from(repr)).join("");
  }
  const { left, right } = container;
  const inner = repr.slice(left.length, repr.length - right.length);
  if (inner === "") return repr;
  const { items, colons } = split(inner);
  if (left === "(" && items.length === 2 && items[1] === "") return `(${shorten(items[0] as string, level, null)},)`;
  if (level <= 0) return `${left}...${right}`;
  const most = colons ? MOST_MEMBERS : MOST_ITEMS;
  const show = (i: number): string => {
    const item = items[i] as string;
    return colons ? shortenMember(item, level - 1) : shorten(item, level - 1, null);
  };
  const shown =
    items.length <= most
      ? items.map((_, i) => show(i))
      : someItems(
          { count: items.length, most, sequence: container.sequence, target, around: left.length + right.length },
          show,
        );
  return `${left}${shown.join(", ")}${right}`;
}

interface Choice {
  readonly count: number;
  readonly most: number;
  readonly sequence: boolean;
  readonly target: number | null;
  /** Characters of the brackets. */
  readonly around: number;
}

/** Some of the items, with "..." for the others. */
function someItems({ count, most, sequence, target, around }: Choice, show: (i: number) => string): string[] {
  const head: string[] = [];
  const tail: string[] = [];
  if (target === null) {
    const last = sequence ? Math.floor(most / 2) : 0;
    for (let i = 0; i < most - last; i++) head.push(show(i));
    for (let i = count - last; i < count; i++) tail.push(show(i));
    return [...head, "...", ...tail];
  }
  let length = 3 + around;
  for (let taken = 0; taken < count; taken++) {
    const fromEnd = sequence && taken % 2 === 1;
    const text = show(fromEnd ? count - 1 - (taken - 1) / 2 : sequence ? taken / 2 : taken);
    (fromEnd ? tail : head).push(text);
    length += text.length + 2;
    if (most <= taken + 1 && taken + 1 < count && length >= target) {
      head.push("...");
      break;
    }
  }
  return [...head, ...tail.toReversed()];
}

function shortenMember(member: string, level: number): string {
  let colon = -1;
  forEachTopLevel(member, (at) => {
    if (member.startsWith(": ", at)) colon = at;
    return colon < 0;
  });
  if (colon < 0) return shorten(member, level, null);
  return `${shorten(member.slice(0, colon), level, null)}: ${shorten(member.slice(colon + 2), level, null)}`;
}

/** The items of a container's inner text, and whether they are members of a dict. */
function split(inner: string): { items: string[]; colons: boolean } {
  const items: string[] = [];
  let start = 0;
  let colons = false;
  forEachTopLevel(inner, (at) => {
    if (inner[at] === ":" && inner[at + 1] === " ") colons = true;
    if (inner[at] === ",") {
      items.push(inner.slice(start, at));
      start = inner[at + 1] === " " ? at + 2 : at + 1;
    }
    return true;
  });
  items.push(inner.slice(start));
  return { items, colons };
}

/** A string literal, shortened by the characters that it stands for. */
function shortenString(repr: string): string {
  const prefix = repr.startsWith("b") ? "b" : "";
  const units =
    repr.slice(prefix.length + 1, -1).match(/\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\U[0-9a-f]{8}|\\[\s\S]|[\s\S]/gu) ?? [];
  if (units.length <= MOST_CHARS) return repr;
  const kept = shortenText(units.map((unit) => (unit === "\\'" ? "'" : unit)));
  const quote = kept.includes("'") && !kept.includes('"') ? '"' : "'";
  return `${prefix}${quote}${kept.map((unit) => (unit === quote ? `\\${unit}` : unit)).join("")}${quote}`;
}

/** Characters from both ends, with "..." for the middle. */
function shortenText(characters: string[]): string[] {
  if (characters.length <= MOST_CHARS) return characters;
  const head = Math.floor((MOST_CHARS - 3) / 2);
  return [...characters.slice(0, head), "...", ...characters.slice(-(MOST_CHARS - 3 - head))];
}
