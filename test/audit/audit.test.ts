// Everything that tame programs may call, called with objects of a program's own classes (audit.py): nothing of the
// library that could be changed reaches them. TRACEMILL_AUDIT_SHARE=1 makes all calls instead of every eighth.
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { run } from "../helpers/run.ts";
import { TestFolder } from "../helpers/test-folder.ts";

const audit = (name: string): string => packagePath("test", "audit", name);
const SHARE = process.env.TRACEMILL_AUDIT_SHARE ?? "8";
/** Never called, because they wait. */
const LEFT_OUT = ["time.sleep"];

interface Finding {
  readonly name: string;
  readonly how: string;
  readonly type: string;
  readonly text: string;
}
interface Summary {
  readonly audited: readonly string[];
  readonly missing: readonly string[];
  readonly calls: number;
}

const pythons = await builtPythons();
const folder = new TestFolder("file");
const explained = (await readFile(audit("explained.txt"), "utf8"))
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => line.slice(0, line.indexOf(":")));
const modules = await allowedModules();

/** The table as it stands in the source. */
async function allowedModules(): Promise<[string, string[]][]> {
  const source = await readFile(packagePath("native", "admission", "allowed_modules.cc"), "utf8");
  const table = source.slice(source.indexOf("kModules[] = {"));
  const rows = table.matchAll(/\{\s*"([\w.]+)",\s*((?:"[^"]*"\s*)+)\}/g);
  return [...rows].map(([, name = "", texts = ""]) => [
    name,
    [...texts.matchAll(/"([^"]*)"/g)].flatMap(([, text = ""]) => text.split(" ").filter((word) => word !== "")),
  ]);
}

function isExplained({ name, how, type, text }: Finding): boolean {
  const place = how === "changes" ? text : name;
  return explained.some((line) => matches(line, `${how} ${type} ${place}`));
}

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.[\]()]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}

describe.skipIf(pythons.length > 0)("audit", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("what tame programs may call, Python $version", ({ executable }) => {
  it("hands out nothing that could be changed", { timeout: 600_000 }, async () => {
    const file = folder.write("modules.json", JSON.stringify(modules));
    const { stdout } = await run(executable, ["-W", "ignore", audit("audit.py"), file, SHARE]);
    const lines = stdout.trimEnd().split("\n");
    const summary = JSON.parse(lines.pop() ?? "") as Summary;
    const findings = lines.map((line) => JSON.parse(line) as Finding);
    expect(findings.filter((finding) => !isExplained(finding))).toEqual([]);
    // It finds what is there to be found.
    expect(findings).toContainEqual(expect.objectContaining({ name: "copy.deepcopy", type: "list" }));
    const named = modules.flatMap(([name, names]) => (names[0] === "*" ? [] : names.map((part) => `${name}.${part}`)));
    const covered = new Set([...summary.audited, ...summary.missing, ...LEFT_OUT]);
    expect(named.filter((name) => !covered.has(name))).toEqual([]);
    expect(summary.calls).toBeGreaterThan(50_000 / Number(SHARE));
  });
});
