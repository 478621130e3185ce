import { existsSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type Check, examine, runDoctor } from "../../src/app/cli/doctor.ts";
import { addonPath, corePath, hostPath } from "../../src/base/addon/artefacts.ts";
import { SANDBOX_LAYERS } from "../../src/base/schema/sandbox.ts";
import { findPython } from "../../src/engine/python/find-python.ts";
import { openTracer } from "../../src/engine/tracer.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

async function printed(options: { json?: boolean; python?: string }): Promise<{ status: number; text: string }> {
  let text = "";
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  const status = await runDoctor(options);
  vi.restoreAllMocks();
  return { status, text };
}

function named(checks: readonly Check[], name: string): Check {
  const check = checks.find((candidate) => candidate.name === name);
  if (check === undefined) throw new Error(`no check is called ${name}`);
  return check;
}

describe("doctor", () => {
  test("says whether the chosen Python and what was built for it are there", async () => {
    const python = await findPython();
    const checks = await examine();
    expect(named(checks, "Python").detail).toBe(`${python.version}, ${python.executable}, ${python.libpython}`);
    expect(named(checks, `core for Python 3.${python.minor}`).works).toBe(existsSync(corePath(python.minor)));
    expect(named(checks, "tracer process").works).toBe(existsSync(hostPath));
    expect(named(checks, "addon").works).toBe(existsSync(addonPath));
    expect(named(checks, "zstd").works).toBe(existsSync(addonPath));
    expect(named(checks, "Node")).toMatchObject({ works: true, required: true });
  });

  test.runIf(existsSync(addonPath))("traces a program of its own", async () => {
    expect(named(await examine(), "trial run")).toMatchObject({
      works: true,
      detail: "a tracer process ran and recorded a program",
    });
  });

  test("says which third-party packages programs can import, and how to get them", async () => {
    const packages = named(await examine(), "packages");
    expect(packages.required).toBe(false);
    expect(packages.detail).toMatch(packages.works ? /--preload / : /--python VENV\/bin\/python --preload numpy$/);
  });

  test("ends with 1 and the cure when nothing can be traced", async () => {
    const { status, text } = await printed({ python: "/nowhere/python3" });
    expect(status).toBe(1);
    expect(text).toMatch(/^MISSING {2}Python .*\/nowhere\/python3.*Fix: /m);
    expect(text).toMatch(/Nothing can be traced/);
  });

  test("prints JSON with the same verdict as the status", async () => {
    const { status, text } = await printed({ json: true });
    const report = JSON.parse(text) as { healthy: boolean; checks: Check[] };
    expect(status).toBe(report.healthy ? 0 : 1);
    expect(report.healthy).toBe(report.checks.every(({ required, works }) => !required || works === true));
  });

  test("never fails a machine for a missing GPU, package or sandbox feature", async () => {
    const optional = (await examine()).filter(({ required }) => !required).map(({ name }) => name);
    const layers = existsSync(addonPath) ? [...SANDBOX_LAYERS, "snapshots"] : [];
    expect(optional).toEqual([...layers, "packages", "kernel", "GPU"]);
  });

  test.runIf(existsSync(addonPath))("shows the layers that held its own program in", async () => {
    await using tracer = await openTracer({ workers: 1 });
    const missing = tracer.sandbox?.missing.map(({ layer, reason }) => [layer, reason]);
    const checks = (await examine()).filter(({ name }) => SANDBOX_LAYERS.some((layer) => layer === name));
    expect(checks.filter(({ works }) => !works).map(({ name, detail }) => [name, detail])).toEqual(
      expect.arrayContaining(missing ?? []),
    );
    expect(checks.filter(({ works }) => !works).length).toBe(missing?.length);
  });

  test("guesses no layers where no tracer process starts", async () => {
    const names = (await examine("/nowhere/python3")).map(({ name }) => name);
    expect(names.filter((name) => SANDBOX_LAYERS.some((layer) => layer === name))).toEqual([]);
  });
});
