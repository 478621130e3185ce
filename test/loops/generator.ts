// Programs made of loops of every shape, one per seed.

/** A small deterministic source of numbers (mulberry32). */
class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 to n - 1. */
  below(n: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

export function generatedProgram(seed: number): string {
  return new Writer(new Chance(seed)).program();
}

class Writer {
  readonly #chance: Chance;
  #names = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  program(): string {
    const lines = [
      "total = 0",
      "seen = []",
      "def note(x):",
      "    seen.append(x)",
      "    return x + 1",
      "def count(n):",
      ...indent(this.#block(1, true, true)),
      "    while n:",
      "        yield n",
      "        n -= 1",
      "def walk(n):",
      "    for k in range(n):",
      "        walk(n - 2)",
      ...indent(indent(this.#simple())),
      "def f(n):",
      "    a = b = 0",
      ...indent(this.#block(3, true, false)),
      "    return a",
      "a = b = n = 0",
      ...this.#block(2, false, false),
      "for n in range(5):",
      "    try:",
      "        f(n)",
      "    except (ValueError, ZeroDivisionError):",
      "        a += 1",
      "walk(5)",
    ];
    return `${lines.join("\n")}\n`;
  }

  #block(depth: number, inFunction: boolean, yields: boolean): string[] {
    const lines: string[] = [];
    for (let left = 1 + this.#chance.below(3); left > 0; left--)
      lines.push(...this.#statement(depth, inFunction, yields));
    return lines;
  }

  #simple(): string[] {
    return [
      this.#chance.of([
        "total = 1",
        "a = b = 0; a += 1",
        "b = [1, 2]; b.append(3)",
        "note(3)",
        "print('x', end='')",
        "b = 'text' * 3",
        "b = 1.5",
        "pass",
      ]),
    ];
  }

  #iterable(): string {
    const n = this.#chance.below(7);
    return this.#chance.of([
      `range(${n})`,
      `[${[3, 1, 4, 1, 5, 9].slice(0, n)}]`,
      `count(${n})`,
      `'abcdefg'[:${n}]`,
      "()",
    ]);
  }

  #statement(depth: number, inFunction: boolean, yields: boolean): string[] {
    if (depth === 0) return this.#simple();
    const x = `v${this.#names++}`;
    const n = this.#chance.below(8);
    const iterable = yields ? `range(${n})` : this.#iterable();
    const body = (): string[] => indent(this.#body(depth - 1, x, inFunction, yields));
    const shapes: (() => string[])[] = [
      () => [`for ${x} in ${iterable}:`, ...body()],
      () => [`for ${x} in ${iterable}:`, ...body(), "else:", ...indent(this.#simple())],
      () => [`${x} = 0`, `while ${x} < ${n}:`, `    ${x} += 1`, ...body()],
      () => [`${x} = 0`, `while ${x} < ${n}:`, `    ${x} += 1`, ...body(), "else:", ...indent(this.#simple())],
      () => [`${x} = 0`, "while True:", `    ${x} += 1`, `    if ${x} > ${n}: break`, ...body()],
      () => [
        `${x} = 0`,
        "while 1:",
        "    try:",
        `        ${x} += 1`,
        `        1 / (${n} - ${x})`,
        "    except ZeroDivisionError:",
        "        break",
      ],
      () => [`for ${x} in ${iterable}: b = ${x}`],
      () => [`for ${x} in ${iterable}: note(${n}); b = ${x}`],
      () => [`${x} = ${n}`, `while ${x}: ${x} -= 1`],
      () => [`${x} = ${n}`, `while ${x} > 0: ${x} -= 1; note(1); continue`],
      () => [`${x} = 0`, `while (${x} < ${n} and`, `       ${x} < 50): ${x} += 1`],
      () => [`${x} = 0`, `while (${x} < ${n} and`, "       note(1)):", `    ${x} += 1`, ...body()],
      () => ["for x in (", `    note(${n}),`, `    ${n}, 7, 8, 9`, "):", ...body()],
      () => [`b = [${x} * 2 for ${x} in ${iterable}]`],
      () => [`b = {note(${x}) for ${x} in range(${n}) if ${x} % 2}`],
      () => [
        "b = [",
        `    ${x} + y`,
        `    for ${x} in range(${n})`,
        `    if ${x}`,
        `    for y in range(${this.#chance.below(6)})`,
        "]",
      ],
      () => [`b = sum(${x} for ${x} in range(${n}) for y in range(${x}))`],
      () => [`for ${x} in range(${n}): b = [y for y in range(${x})]`],
      () => [`for ${x} in [y for y in range(${n})]:`, ...body()],
      () => [
        "try:",
        `    for ${x} in range(${n}):`,
        ...indent(body()),
        `        if ${x} == 5: raise ValueError(${x})`,
        "except ValueError:",
        "    a = 9",
        "finally:",
        `    for z in range(${n}): a += z`,
      ],
      () => [`with open(0) if False else memoryview(b'x') as m:`, `    for ${x} in range(${n}):`, ...indent(body())],
    ];
    return this.#chance.of(shapes)();
  }

  #body(depth: number, x: string, inFunction: boolean, yields: boolean): string[] {
    const ends = [`if a == 6: break`, `if b == ${this.#chance.below(5)}: continue`, "a += 1"];
    if (inFunction) ends.push(yields ? `yield ${x}` : `if n == 4 and a > 3: return ${x}`);
    const end = this.#chance.of(ends);
    const lines = [...(this.#chance.below(2) ? [end] : []), ...this.#block(depth, inFunction, yields)];
    if (this.#chance.below(3) === 0) return ["try:", ...indent(lines), "except TypeError:", "    continue"];
    return lines;
  }
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `    ${line}`);
}
