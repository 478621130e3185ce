import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** A name as the file calls it that declares it, imports it or passes it on. */
interface Place {
  readonly path: string;
  readonly name: string;
}

interface Declarations {
  /** By name: its text, with the comment above it. */
  readonly texts: Map<string, string>;
  /** By the name that this file uses: where it comes from. */
  readonly imports: Map<string, Place>;
  /** By the name that it passes on: where it comes from. */
  readonly exports: Map<string, Place>;
  /** Files all of whose names it passes on. */
  readonly whole: string[];
}

const FROM = /^(import|export) (?:type )?(\*|\{[^}]*\}) from "(\.[^"]+)";$/;
const DECLARED = /^(?:export )?(?:declare )?(?:abstract )?(?:class|interface|type|function|const) (\w+)/;
const COMMENT = /\/\*\*[\s\S]*?\*\//g;

/** The `.d.ts` files that the compiler wrote, as a reader of the package sees them. */
export class PublicDeclarations {
  readonly #folder: string;
  readonly #files: Map<string, Declarations> = new Map();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What an entry exports, by name. */
  exportsOf(entry: string): Map<string, Place> {
    const { exports, whole } = this.#read(join(this.#folder, entry));
    const inside = whole.flatMap((path) => [...this.exportsOf(relative(this.#folder, path))]);
    return new Map([...inside, ...exports].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The declarations of these places, and then of what they mention and is in none of them, with where that is. */
  text(exported: Iterable<Place>): string {
    const shown = new Map<string, Place>();
    for (const place of exported) {
      if (this.#declaredAt(place) === null) throw new Error(`${place.path}: no declaration of ${place.name}`);
      this.#add(shown, place);
    }
    const count = shown.size;
    // Grows while it is walked.
    for (const place of shown.values()) {
      const { path } = place;
      const mentioned = this.#textOf(place)
        .replaceAll(COMMENT, "")
        .match(/\b[A-Z]\w+\b/g);
      for (const name of mentioned ?? []) this.#add(shown, { path, name });
    }
    const texts = [...shown.values()].map((place, i) => {
      const from = i < count ? "" : `// not exported, of ${relative(this.#folder, place.path)}\n`;
      return `${from}${this.#textOf(place)}`;
    });
    return texts.join("\n\n");
  }

  #add(shown: Map<string, Place>, mentioned: Place): void {
    const place = this.#declaredAt(mentioned);
    if (place !== null) shown.set(`${place.path} ${place.name}`, place);
  }

  /** Null for a name of the language or of another package. */
  #declaredAt({ path, name }: Place): Place | null {
    const { texts, imports, exports } = this.#read(path);
    if (texts.has(name)) return { path, name };
    const from = imports.get(name) ?? exports.get(name);
    return from === undefined ? null : this.#declaredAt(from);
  }

  #textOf({ path, name }: Place): string {
    return this.#read(path).texts.get(name) as string;
  }

  #read(path: string): Declarations {
    let declarations = this.#files.get(path);
    if (declarations === undefined) {
      declarations = parse(path);
      this.#files.set(path, declarations);
    }
    return declarations;
  }
}

function parse(path: string): Declarations {
  const found: Declarations = { texts: new Map(), imports: new Map(), exports: new Map(), whole: [] };
  for (const statement of statements(readFileSync(path, "utf8"))) {
    const [, verb, names, from] = FROM.exec(statement) ?? [];
    const [, declared] = DECLARED.exec(statement.replace(COMMENT, "").trimStart()) ?? [];
    if (declared !== undefined) found.texts.set(declared, statement);
    if (names === undefined) continue;
    const target = join(dirname(path), (from as string).replace(/\.[jt]s$/, ".d.ts"));
    if (!existsSync(target)) throw new Error(`${path}: ${from} has no declarations`);
    if (names === "*") found.whole.push(target);
    else for (const [used, name] of namesIn(names)) found[`${verb as "import"}s`].set(used, { path: target, name });
  }
  return found;
}

function namesIn(list: string): [used: string, name: string][] {
  const parts = list
    .slice(1, -1)
    .split(",")
    .filter((part) => part.trim() !== "");
  return parts.map((part) => {
    const [name = "", used = name] = part
      .trim()
      .replace(/^type /, "")
      .split(" as ");
    return [used, name];
  });
}

/** The compiler starts every statement at the start of a line, as it does its last brace; all between is further in. */
function statements(text: string): string[] {
  const found: string[] = [];
  let lines: string[] = [];
  for (const line of text.trimEnd().split("\n")) {
    lines.push(line);
    const comment = lines.at(0)?.startsWith("/**") === true && !lines.slice(0, -1).some((line) => line.endsWith("*/"));
    if (comment || !/^(?:\S.*)?[;}]$/.test(line)) continue;
    found.push(lines.join("\n"));
    lines = [];
  }
  return found;
}
