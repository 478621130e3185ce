// Reads a file of hostile programs: Python, cut into programs by comments that start with `#:` (README.md).
import { AFTER, type HostileProgram, parseExpectation } from "./hostile-program.ts";

const MARK = /^#: (\w+)(?: (.*))?$/;

/** `category` is the file's name. Throws for a line that it does not understand. */
export function parsePrograms(category: string, text: string): HostileProgram[] {
  const programs: HostileProgram[] = [];
  const lines = text.split("\n");
  let at = lines.findIndex((line) => line.startsWith("#: "));
  if (at < 0) throw new Error(`${category}: no program`);
  while (at < lines.length) {
    const next = lines.findIndex((line, i) => i > at && line.startsWith("#: id "));
    const end = next < 0 ? lines.length : next;
    programs.push(parseProgram(category, lines.slice(at, end)));
    at = end;
  }
  return programs;
}

function parseProgram(category: string, lines: readonly string[]): HostileProgram {
  const program: HostileProgram = {
    id: "",
    category,
    code: "",
    entry: null,
    stdin: undefined,
    expectations: [],
    exception: null,
    detail: null,
    stdout: null,
    expected: undefined,
    verdict: null,
    traced: false,
    never: null,
    notInline: null,
    witness: null,
  };
  const code: string[] = [];
  let witness: string[] | null = null;
  for (const line of lines) {
    const mark = MARK.exec(line);
    if (mark === null) (witness ?? code).push(line);
    else if (mark[1] === "witness") witness = [];
    else read(program, mark[1] as string, mark[2] ?? "");
  }
  const { id, expectations, traced } = program;
  if (id === "" || expectations.length === 0) throw new Error(`${category}: "${id}" lacks an id or a status`);
  program.code = `${traced ? AFTER : ""}${code.join("\n").trim()}\n`;
  program.witness = witness && `${witness.join("\n").trim()}\n`;
  return program;
}

function read(program: HostileProgram, key: string, value: string): void {
  switch (key) {
    case "id":
      program.id = value;
      break;
    case "status":
      program.expectations = [...program.expectations, parseExpectation(value)];
      break;
    case "stdout":
      program.stdout = JSON.parse(value) as string;
      break;
    case "stdin":
      program.stdin = JSON.parse(value) as string;
      break;
    case "expected":
      program.expected = value;
      break;
    case "traced":
      program.traced = true;
      break;
    case "exception":
    case "detail":
    case "entry":
    case "verdict":
    case "never":
    case "notInline":
      program[key] = value;
      break;
    default:
      throw new Error(`${program.category}: "${program.id}" says "${key}", which means nothing`);
  }
}
