// Every change of a package's value shows, also one that the library's own summary hides; and what was recorded of the
// changed value is what a name that holds it from then on shows.
import { describe, expect, test } from "vitest";
import { openTracer } from "../../src/engine/tracer.ts";
import { builtPythons } from "../helpers/built-pythons.ts";
import { CHANGES } from "../packages/changes.ts";
import { NO_PACKAGES, packagesPython } from "../packages/environment.ts";

const PRELOAD = ["numpy", "pandas", "scipy.sparse", "sympy", "networkx", "sklearn.linear_model"];

const CODE = `import numpy as np, pandas as pd, sympy, networkx as nx
import scipy.sparse as sp, scipy.optimize, scipy.interpolate
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
class Holder:
    def __init__(self, content):
        self.content = content
class Tagged(np.ndarray):
    pass
class Frame(pd.DataFrame):
    pass
class Net(nx.Graph):
    pass
`;

const versions = (await builtPythons())
  .map(({ minor }) => `3.${minor}`)
  .filter((version) => packagesPython(version) !== null);

describe.skipIf(versions.length > 0)("changes of packages' values", () => {
  test("need an environment", (context) => context.skip(NO_PACKAGES));
});

describe.runIf(versions.length > 0).each(versions)("changes of packages' values, Python %s", (version) => {
  test("show, and leave nothing behind", async () => {
    const programs = CHANGES.map(([id, make, change]) => ({
      id,
      code: `${CODE}def f():\n    ${make}\n    w = 1\n    w = 2\n    ${change}\n    z = x\n    return None\n`,
      entry: "f()",
    }));
    const python = packagesPython(version) ?? "";
    await using tracer = await openTracer({ python, preload: PRELOAD, timeoutMs: 120_000, memoryMb: 2_048 });
    const faults: string[] = [];
    for await (const trace of tracer.run(programs)) {
      const { id } = trace.program;
      const texts: (string | undefined)[] = [];
      let fresh: string | undefined;
      for (const event of trace.events()) {
        if (event.kind === "line" && event.changes.has("x")) texts.push(event.changes.get("x")?.repr);
        const state = trace.stateAt(event.index);
        if (state.has("z")) fresh = state.get("z")?.repr;
      }
      if (trace.outcome.status !== "ok")
        faults.push(`${id}: ${trace.outcome.status}: ${trace.outcome.exception?.message}`);
      else if (texts.length !== 2 || texts[0] === texts[1]) faults.push(`${id}: not seen: ${texts.join(" | ")}`);
      else if (fresh !== texts[1]) faults.push(`${id}: ${texts[1]} is ${fresh}`);
    }
    expect(faults).toEqual([]);
  }, 240_000);
});
