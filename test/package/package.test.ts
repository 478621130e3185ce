import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import { run } from "../helpers/run.ts";
import { TestFolder } from "../helpers/test-folder.ts";
import { PublicDeclarations } from "./declarations.ts";

/** The package as npm packs it, in a project that has installed it and what it depends on. */
const project = new TestFolder("file");
const GOLDEN = packagePath("test", "golden", "public.txt");

const { exports } = JSON.parse(readFileSync(packagePath("package.json"), "utf8")) as {
  exports: Record<string, string>;
};
const entries = Object.entries(exports).filter(([, file]) => file.endsWith(".js"));

async function must(file: string, args: string[]): Promise<string> {
  const { status, stdout, stderr } = await run(file, args);
  if (status !== 0) throw new Error(`${file} ${args.join(" ")}: ${status}\n${stdout}${stderr}`);
  return stdout;
}

beforeAll(async () => {
  const npm = (...args: string[]) => must("npm", ["--prefix", packagePath(), ...args]);
  await npm("run", "build:ts");
  await npm("pack", packagePath(), "--pack-destination", project.path);
  const [archive = ""] = readdirSync(project.path).filter((name) => name.endsWith(".tgz"));
  const modules = project.at("node_modules");
  mkdirSync(`${modules}/tracemill`, { recursive: true });
  await must("tar", ["-xzf", project.at(archive), "-C", `${modules}/tracemill`, "--strip-components=1"]);
  for (const name of readdirSync(packagePath("node_modules"))) {
    if (name !== "tracemill" && !name.startsWith("."))
      symlinkSync(packagePath("node_modules", name), `${modules}/${name}`);
  }
  project.write("package.json", JSON.stringify({ type: "module" }));
}, 300_000);

/** Where the package's own files are, once it is installed. */
const DIST = project.at("node_modules", "tracemill", "dist");

const specifier = (entry: string): string => `tracemill${entry.slice(1)}`;
const declared = (file: string): string => file.replace("./dist/", "").replace(/\.js$/, ".d.ts");

test.each(entries)("%s is imported from the packed package, with its types", async (entry, file) => {
  const from = JSON.stringify(specifier(entry));
  const script = project.write("names.mjs", `console.log(Object.keys(await import(${from})).join("\\n"))`);
  const names = (await must(process.execPath, [script])).trim().split("\n");
  const exported = new PublicDeclarations(DIST).exportsOf(declared(file));
  expect([...exported.keys()]).toEqual(expect.arrayContaining(names));
  const values = names.map((name) => `export const of${name}: unknown = entry.${name};`);
  const types = [...exported.keys()].map((name) => `export type { ${name} } from ${from};`);
  const source = project.write("typed.mts", [`import * as entry from ${from};`, ...values, ...types, ""].join("\n"));
  const options = [
    "--ignoreConfig",
    "--noEmit",
    "--strict",
    "--module",
    "nodenext",
    "--target",
    "es2023",
    "--types",
    "node",
  ];
  await must(packagePath("node_modules", ".bin", "tsc"), [source, ...options]);
});

test("what the package declares is what it declared; after a change on purpose: UPDATE_GOLDEN=1", () => {
  const declarations = new PublicDeclarations(DIST);
  const exported = entries.map(([entry, file]) => ({ entry, names: declarations.exportsOf(declared(file)) }));
  const lists = exported.map(
    ({ entry, names }) => `// ${specifier(entry)}: ${[...names.keys()].join(" ")}
`,
  );
  const places = exported.flatMap(({ names }) => [...names.values()]);
  const text = `${lists.join("")}\n${declarations.text(places)}\n`;
  if (process.env["UPDATE_GOLDEN"]) writeFileSync(GOLDEN, text);
  expect(text).toBe(readFileSync(GOLDEN, "utf8"));
});

test("what is internal is in no declaration", () => {
  for (const file of ["trace", "cursor"]) {
    expect(readFileSync(`${DIST}/record/trace/${file}.d.ts`, "utf8")).not.toMatch(/\bDecoder\b/);
  }
});

test("nothing but the exports can be imported", async () => {
  const script = project.write("inside.mjs", 'await import("tracemill/dist/record/trace/trace.js");');
  const { status, stderr } = await run(process.execPath, [script]);
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining("ERR_PACKAGE_PATH_NOT_EXPORTED") });
});
