// docs/formats.md: what every format makes of one small program.

import type { Program } from "../src/base/schema/program.ts";
import { openTracer, type ProgramTrace } from "../src/engine/tracer.ts";
import { listRenderers } from "../src/views/formats/registry.ts";
import { type Renderer, textOf } from "../src/views/formats/renderer.ts";

/** A recursion, a loop and an exception; every Python reports it alike. */
const PROGRAM: Program = {
  id: "example",
  code: `def f(n):
    if n == 0:
        raise ValueError("too deep")
    s = 0
    for i in range(2):
        s += n
    try:
        return s + f(n - 1)
    except ValueError:
        return s`,
  entry: "f(1)",
  expected: "2",
};

const HEAD = `# Formats

What every format makes of one run of one program. \`npx tsx scripts/write-formats.ts\` writes this file anew, and a test says when
it is due.

Of a program with several threads \`events\` shows all, each event with its \`thread\`. The other formats show the main one, and
their rows say so: \`"threads":{"shown":0,"recorded":3}\`. Rows of other programs have neither field.

Values read as Python's \`repr\` shows them, with these exceptions. Of a value longer than \`--max-value-chars\` the beginning is
there, with \`...\` behind it; of a string, bytes, a bytearray or an array that is no part of another value both ends are, where the
bound is 32 or more: \`'first words...last words'\`, \`array('i', [0, 1, 2, ..., 98, 99])\`. How long it is the record says, and \`events\`
in \`len\`. An integer that Python refuses to write is \`<int of 20000 bits 0x9f4a1b2c3d4e5f60...0123456789abcdef>\`, what lies deeper
than the recorder looks is \`<deep list>\`, what a type written in C holds, where its repr would run the program's code, is
\`<itemgetter of Key(n=1)>\`, and what cannot be shown \`<unreprable T>\`. In place of addresses objects have ordinals, \`#3\`.

\`\`\`python
${PROGRAM.code}

f(1)
\`\`\`
`;

export async function formatsDoc(python?: string): Promise<string> {
  const trace = await traced(python);
  const formats = listRenderers();
  return [HEAD, ...formats.map((renderer) => section(renderer, trace))].join("\n");
}

async function traced(python: string | undefined): Promise<ProgramTrace> {
  await using tracer = await openTracer({ ...(python && { python }), workers: 1, maxValueChars: 0 });
  for await (const trace of tracer.run([PROGRAM])) return trace;
  throw new Error("nothing was traced");
}

function section(renderer: Renderer, trace: ProgramTrace): string {
  const { name, title, corrects, skips } = renderer;
  const published = shown(renderer, trace, false);
  const correct = corrects === null ? published : shown(renderer, trace, true);
  return [
    `## ${name}\n`,
    `${title.charAt(0).toUpperCase()}${title.slice(1)}.\n`,
    ...(corrects === null ? [] : [`\`--correct\`: ${corrects}.\n`]),
    `Where iterations are left out: \`\` ${skips} \`\`
`,
    fenced(published),
    ...(correct === published ? [] : ["With `--correct`:\n", fenced(correct)]),
  ].join("\n");
}

/** The text of the row, of many rows one after the other. */
function shown(renderer: Renderer, trace: ProgramTrace, correct: boolean): string {
  const made = renderer.render(trace.program, trace, { correct, loops: null, valueChars: 0 });
  return made
    .slice(0, MOST_ROWS)
    .map((row) => readable(textOf(row)))
    .join("\n\n");
}

/** Of formats with a row for every step. */
const MOST_ROWS = 2;

/** JSON with a line for every element of a list. */
function readable(text: string): string {
  if (!/^(?:\[\{|\{)/.test(text)) return text;
  const value: unknown = JSON.parse(text);
  if (Array.isArray(value)) return list(value);
  const members = Object.entries(value as object).map(
    ([key, member]) => `${JSON.stringify(key)}:${Array.isArray(member) ? list(member) : JSON.stringify(member)}`,
  );
  return `{${members.join(",\n")}}`;
}

function list(elements: readonly unknown[]): string {
  return `[\n${elements.map((element) => JSON.stringify(element)).join(",\n")}]`;
}

/** Texts may have fences of their own. */
function fenced(text: string): string {
  return `\`\`\`\`\n${text}\n\`\`\`\`\n`;
}
