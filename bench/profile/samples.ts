import { basename } from "node:path";

/** What `nm` says of a file: addresses as in the file, ascending. */
export interface Symbols {
  addresses: number[];
  names: string[];
}

/** Lines of `nm --numeric-sort --demangle`. */
export function readSymbols(text: string): Symbols {
  const symbols: Symbols = { addresses: [], names: [] };
  for (const line of text.split("\n")) {
    const [, address, name] = /^([0-9a-f]+) [tTwWiI] (.+)$/.exec(line) ?? [];
    if (address === undefined || name === undefined) continue;
    symbols.addresses.push(Number.parseInt(address, 16));
    symbols.names.push(name);
  }
  return symbols;
}

/** A function that was found running. */
export interface Sampled {
  name: string;
  object: string;
  /** How often. */
  self: number;
}

interface Mapping {
  begin: number;
  end: number;
  offset: number;
  path: string;
}

/**
 * Reads what sampler.cc wrote. `symbolsOf`: of a file. Code is taken to lie in a file at its own address, as GNU's linker
 * puts it; samples outside of any file are the kernel's ("vdso") or nobody's.
 */
export function readSamples(text: string, symbolsOf: (path: string) => Symbols): Sampled[] {
  const [maps = "", samples = ""] = text.split("\n\n");
  const mappings = maps.split("\n").flatMap((line): Mapping[] => {
    const [, begin = "", end = "", offset = "", path = ""] =
      /^([0-9a-f]+)-([0-9a-f]+) \S+ ([0-9a-f]+) \S+ \d+\s+(\/.*)$/.exec(line) ?? [];
    const hex = (digits: string): number => Number.parseInt(digits, 16);
    return path === "" ? [] : [{ begin: hex(begin), end: hex(end), offset: hex(offset), path }];
  });
  const symbols = new Map<string, Symbols>();
  const found = new Map<string, Sampled>();
  for (const line of samples.trim().split("\n")) {
    const [digits = "", count = "0"] = line.split(" ");
    const address = Number.parseInt(digits, 16);
    const mapping = mappings.find(({ begin, end }) => begin <= address && address < end);
    let name = "?";
    if (mapping !== undefined) {
      const { path, begin, offset } = mapping;
      const known = symbols.get(path) ?? symbolsOf(path);
      symbols.set(path, known);
      name = known.names[lastNotAfter(known.addresses, address - begin + offset)] ?? "?";
    }
    const object = mapping === undefined ? "no file" : basename(mapping.path);
    const key = `${object}\0${name}`;
    const sampled = found.get(key) ?? { name, object, self: 0 };
    found.set(key, sampled);
    sampled.self += Number(count);
  }
  return [...found.values()].sort((a, b) => b.self - a.self);
}

/** Index in an ascending list; -1 when all are after. */
function lastNotAfter(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
