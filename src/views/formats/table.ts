import { ParseError } from "../../base/errors.ts";
import type { Program } from "../../base/schema/program.ts";
import { SourceStatements } from "../../python/statements.ts";
import type { Trace } from "../../record/trace/trace.ts";
import { resultText } from "../text/answer.ts";
import { RowSize } from "../text/row-size.ts";
import { valueText } from "../text/value-text.ts";
import type { Elision } from "../walk/hidden-loops.ts";
import { type Iteration, iterationPath, iterationWithin, ownIteration, walkLoops } from "../walk/loops.ts";
import { type PostLine, postLines } from "../walk/post-lines.ts";
import type { Renderer, View } from "./renderer.ts";
import { textRenderer } from "./text-row.ts";

/** A name that is not bound after the line; no repr looks like it. */
const UNBOUND = "<unbound>";
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ["|", "\\|"],
  ["\n", "\\n"],
  ["\r", "\\r"],
]);

const UNESCAPES: ReadonlyMap<string, string> = new Map(
  Array.from(ESCAPES, ([character, written]) => [written.slice(1), character]),
);

interface TableLine {
  readonly label: string;
  readonly source: string;
  /** By name. */
  readonly cells: ReadonlyMap<string, string>;
}

export const tableRenderer: Renderer = textRenderer(
  {
    name: "table",
    title:
      "a Markdown table in the layout of StateLens' GPT tables, of what really happened: a row per line, a column per name; " +
      "iterations are those of the function's loops, outermost first, and the last check of a loop is in none of it",
    example: "| Line | Code | i | s |\n| 3 (iteration 1) | s += i | 0 | 0 |",
    corrects: null,
    skips: "| 3 (iterations 3 to 8 left out) |",
  },
  tableText,
);

function tableText(program: Program, trace: Trace, view: View): string {
  const answer = `${program.entry ?? ""} == ${resultText(trace)}`;
  const statements = new SourceStatements(program.code);
  const lines = tableLines(program, trace, statements, view);
  const names = new Set(lines.flatMap((line) => Array.from(line.cells.keys())));
  const size = new RowSize();
  const rows = [
    ["Line", "Code", ...names],
    ["---", "---", ...Array.from(names, () => "---")],
  ];
  for (const { label, source, cells } of lines) {
    rows.push([label, source, ...Array.from(names, (name) => cells.get(name) ?? UNBOUND)]);
  }
  const text = rows.map((cells) => {
    const row = `| ${cells.map(escaped).join(" | ")} |`;
    size.add(row.length);
    return row;
  });
  return `<table>\n${text.join("\n")}\n</table>\n<output>\n${answer}\n</output>`;
}

function tableLines(program: Program, trace: Trace, statements: SourceStatements, view: View): TableLine[] {
  const lines: { post: Omit<PostLine, "state" | "untouched">; cells: Map<string, string> }[] = [];
  const size = new RowSize();
  let calls = 0;
  for (const post of postLines(program, trace, statements, view)) {
    calls = Math.max(calls, post.call);
    const cells = new Map(Array.from(post.state, ([name, value]) => [name, valueText(value, view)]));
    for (const [name, text] of cells) size.add(name.length + text.length);
    lines.push({ post, cells });
  }
  const { iterations, callers } = walkLoops(trace, statements);
  return lines.map(({ post, cells }) => {
    const { line, call, event, elision, exception } = post;
    const where =
      elision === null ? placeInLoops(ownIteration(iterations, callers, event), exception === null) : leftOut(elision);
    const details = [
      ...(calls > 1 ? [`call ${call}`] : []),
      ...where,
      ...(exception === null ? [] : [`raises ${exception.type}`]),
    ];
    const label = details.length === 0 ? `${line}` : `${line} (${details.join(", ")})`;
    return { label, source: (statements.lines[line - 1] ?? "").trim(), cells };
  });
}

/** The numbers of the iterations that a line ran in; the check that ends a loop is in none of that loop. */
function placeInLoops(iteration: Iteration | null, ran: boolean): string[] {
  if (iteration === null) return [];
  const checks = ran && iteration.number > iteration.loop.total;
  const inside = checks ? iterationWithin(iteration.loop) : iteration;
  return [
    ...(inside === null ? [] : [`iteration ${iterationPath(inside).join(".")}`]),
    ...(checks ? ["last check"] : []),
  ];
}

function leftOut({ within, from, to }: Elision): string[] {
  const number = (last: number): string => [...(within === null ? [] : iterationPath(within)), last].join(".");
  return [from === to ? `iteration ${number(from)} left out` : `iterations ${number(from)} to ${number(to)} left out`];
}

function escaped(cell: string): string {
  return cell.replace(/[\\|\n\r]/g, (character) => ESCAPES.get(character) as string);
}

export interface ParsedTableRow {
  line: number;
  /** In the parentheses behind the line. */
  detail: string | null;
  code: string;
  names: Map<string, string>;
}

export interface ParsedTable {
  rows: ParsedTableRow[];
  /** Behind the last "==". */
  output: string;
}

/** Cells are text; unbound names are left out. Throws ParseError for a text that is no such table. */
export function parseTable(text: string): ParsedTable {
  const [whole, table = "", answer = ""] =
    /^<table>\n([\s\S]*)\n<\/table>\n<output>\n([\s\S]*)\n<\/output>$/.exec(text) ?? [];
  if (whole === undefined) throw new ParseError("no-table", "the text has no <table> and <output>");
  const [header, rule, ...body] = table.split("\n").map(cellsOf);
  if (header?.[0] !== "Line" || header[1] !== "Code" || rule?.length !== header.length) {
    throw new ParseError("no-header", "the table does not begin with Line, Code and a rule");
  }
  const names = header.slice(2);
  const rows = body.map((cells, i) => {
    if (cells.length !== header.length) throw new ParseError("cells", `row ${i + 1} has ${cells.length} cells`);
    const [, line, detail] = /^(\d+)(?: \((.*)\))?$/.exec(cells[0] ?? "") ?? [];
    if (line === undefined) throw new ParseError("no-line", `row ${i + 1} does not begin with a line`);
    const bound = names.map((name, at) => [name, cells[at + 2] ?? ""] as const).filter(([, cell]) => cell !== UNBOUND);
    return { line: Number(line), detail: detail ?? null, code: cells[1] ?? "", names: new Map(bound) };
  });
  const at = answer.lastIndexOf(" == ");
  if (at < 0) throw new ParseError("no-output", "the output is no call, == and value");
  return { rows, output: answer.slice(at + 4) };
}

function cellsOf(row: string): string[] {
  if (!/^\| [\s\S]* \|$/.test(row)) throw new ParseError("no-row", "a line of the table is no row");
  const cells: string[] = [];
  let cell = "";
  for (let at = 2; at < row.length; at++) {
    const character = row[at] as string;
    if (character === "|") {
      cells.push(cell.slice(0, -1));
      cell = "";
      at += 1;
    } else if (character === "\\") {
      at += 1;
      const plain = UNESCAPES.get(row[at] ?? "");
      if (plain === undefined) throw new ParseError("no-escape", "a cell has an escape that tables do not have");
      cell += plain;
    } else {
      cell += character;
    }
  }
  return cells;
}
