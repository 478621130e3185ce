import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chooseAutoPreload, importedModules, worthPreloading } from "../../../src/jobs/auto-preload.ts";
import { findInputs } from "../../../src/programs/sources/inputs.ts";
import { NO_PACKAGES, packagesPython } from "../../packages/environment.ts";

describe("what a source imports", () => {
  it.each([
    ["import numpy as np, pandas", ["numpy", "pandas"]],
    ["  from scipy import stats as s, nothing", ["scipy", "scipy.stats"]],
    ["from scipy import (linalg,\n  special)", ["scipy", "scipy.linalg"]],
    ["from scipy.stats.mstats import x", ["scipy", "scipy.stats"]],
    ["import scipy.stats", ["scipy", "scipy.stats"]],
    ["import numpy.f2py.__main__", ["numpy"]],
    ["import os, constructor, __proto__\nfrom toString import x", []],
    ["x = 'import numpy'", []],
    ["import numpyx\nfrom .numpy import y", []],
  ])("%j", (code, modules) => {
    expect([...importedModules(code)].sort()).toEqual(modules);
  });
});

describe("what is worth it", () => {
  it.each([
    [{ numpy: 20 }, 4_000, ["numpy"]],
    [{ numpy: 19 }, 100, []],
    [{ numpy: 20 }, 4_001, []],
    [{ z3: 1 }, 5_000, ["z3"]],
    [{ "scipy.stats": 50, scipy: 60, numpy: 70 }, 100, ["numpy", "scipy", "scipy.stats"]],
  ])("%j of %d", (counts, programs, modules) => {
    expect(worthPreloading(new Map(Object.entries(counts)), programs)).toEqual(modules);
  });
});

describe("an input", () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({
    id: `p${i}`,
    code: i % 2 === 0 ? "import numpy\n" : "x = 1\n",
  }));
  const path = join(mkdtempSync(join(tmpdir(), "auto-preload-")), "in.jsonl");
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));

  it("is looked at no further than the run goes", async () => {
    const { modules, programs } = await chooseAutoPreload(await findInputs([path]), { limit: 10 }, undefined);
    expect({ modules: [...modules], programs }).toEqual({ modules: [], programs: 10 });
  });

  it("says what the Python has", async (test) => {
    const python = ["3.13", "3.12", "3.11"].map(packagesPython).find((each) => each !== null);
    if (python === undefined) return test.skip(NO_PACKAGES);
    const { modules, programs } = await chooseAutoPreload(await findInputs([path]), {}, python ?? undefined);
    expect({ modules: [...modules], programs }).toEqual({ modules: [["numpy", 20]], programs: 40 });
  });
});
