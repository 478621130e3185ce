import { builtPythons } from "../../test/helpers/built-pythons.ts";
import { packagesPython } from "../../test/packages/environment.ts";
import type { BenchCase } from "../case.ts";
import { results, warmTracer } from "../engine.ts";
import { interleaved, measurement } from "../measure.ts";

const LINES_PER_ITERATION = 10;

/** One of every kind, by what makes it; a value that nothing changes while the loop runs. */
const KINDS: Record<string, string> = {
  "array of 900": "np.arange(900) * 0.5",
  "array of 8,000": "np.arange(8_000) * 0.5",
  "array of 1,000,000": "np.arange(1_000_000) * 0.5",
  "view with steps, 60 x 60": "np.zeros((120, 120))[::2, ::2]",
  "view with steps, 500 x 500": "np.zeros((1000, 1000))[::2, ::2]",
  "array of 300 texts": "np.array([str(i) for i in range(300)])",
  "array of 1,000 records": "np.zeros(1000, dtype=[('a', 'i4'), ('b', 'f8')])",
  "array of 5 dates": "np.array(['2020-01-02'] * 5, dtype='M8[D]')",
  "array of 1,000 objects": "np.array([str(i) for i in range(1000)], dtype=object)",
  "masked array of 1,000": "np.ma.masked_greater(np.arange(1000.0), 500)",
  "list of 200 arrays": "[np.arange(100) for _ in range(200)]",
  "array's iterator": "np.nditer(np.arange(900))",
  polynomial: "np.polynomial.Polynomial([1, 2, 3])",
  poly1d: "np.poly1d([1, 2, 3])",
  "vectorized function": "np.vectorize(abs)",
  "sparse matrix (csr)": "scipy.sparse.random(1000, 1000, 0.01, 'csr')",
  "sparse matrix (coo)": "scipy.sparse.random(1000, 1000, 0.01, 'coo')",
  "sparse matrix (lil)": "scipy.sparse.random(300, 300, 0.05, 'lil')",
  "sparse matrix (dok)": "scipy.sparse.random(300, 300, 0.05, 'dok')",
  "distribution (frozen)": "scipy.stats.norm(1, 2)",
  "optimization result": "scipy.optimize.minimize(lambda v: (v ** 2).sum(), np.ones(50))",
  interpolation: "scipy.interpolate.CubicSpline(np.arange(200), np.arange(200) ** 2)",
  "k-d tree": "scipy.spatial.cKDTree(np.arange(600.0).reshape(-1, 2))",
  rotation: "scipy.spatial.transform.Rotation.from_euler('z', 90, degrees=True)",
  "frame of 5 rows": "pd.DataFrame({'a': range(5), 'b': list('vwxyz'), 'c': [0.5] * 5})",
  "frame of 1,000 x 30": "pd.DataFrame(np.zeros((1000, 30)))",
  "frame of 1,000 texts": "pd.DataFrame({'s': [str(i) for i in range(1000)], 'n': range(1000)})",
  "frame of categories": "pd.DataFrame({'c': pd.Categorical(list('abc') * 100)})",
  "frame of nullable numbers": "pd.DataFrame({'n': pd.array([1, None] * 100, dtype='Int64')})",
  "frame of many levels": "pd.DataFrame({'a': [1, 2], 'b': [3, 4], 'c': [5, 6]}).set_index(['a', 'b'])",
  "frame of dates": "pd.DataFrame({'d': pd.date_range('2020', periods=300, tz='UTC')})",
  "series of 1,000": "pd.Series(range(1000))",
  "series of categories": "pd.Series(list('abc') * 100, dtype='category')",
  "index of dates": "pd.date_range('2020', periods=300)",
  "index of many levels": "pd.MultiIndex.from_product([range(20), list('abc')])",
  "index of intervals": "pd.interval_range(0, 50)",
  categorical: "pd.Categorical(list('abc') * 100)",
  "grouped frame": "pd.DataFrame({'a': [1, 2] * 100, 'b': range(200)}).groupby('a')",
  window: "pd.Series(range(100)).rolling(3)",
  moment: "pd.Timestamp('2020-01-02')",
  period: "pd.Period('2020-01')",
  "expression of SymPy": "sympy.expand((sympy.Symbol('x') + 1) ** 30)",
  "polynomial of SymPy": "sympy.Poly((sympy.Symbol('x') + 1) ** 30)",
  "matrix of SymPy": "sympy.Matrix(8, 8, lambda i, j: sympy.Symbol('x') ** i + j)",
  "fixed matrix of SymPy": "sympy.ImmutableMatrix(8, 8, lambda i, j: i + j)",
  "ring element of SymPy": "(sympy.ring('x', sympy.ZZ)[1] + 1) ** 30",
  "set of SymPy": "sympy.Interval(0, 1) + sympy.FiniteSet(*range(5, 40))",
  "permutation of SymPy": "Permutation(list(range(50)))",
  "list of 50 expressions": "[sympy.Symbol('x') ** i + 1 for i in range(50)]",
  "graph of 1,000": "nx.path_graph(1000)",
  "graph of 1,000 with attributes": "nx.from_edgelist((i, i + 1, {'weight': i}) for i in range(1000))",
  "directed graph": "nx.gnm_random_graph(300, 2000, seed=1, directed=True)",
  "graph of several edges": "nx.MultiGraph([(i, i + 1) for i in range(300)] * 2)",
  "view of a graph": "nx.path_graph(1000).subgraph(range(500))",
  "nodes of a graph": "nx.path_graph(1000).nodes",
  "neighbours in a graph": "nx.path_graph(1000).adj",
  "degrees of a graph": "nx.path_graph(1000).degree",
  "linear regression": "LinearRegression().fit([[1], [2]], [2, 4])",
  forest: "RandomForestClassifier(20, random_state=1).fit([[i] for i in range(60)], [0, 1] * 30)",
  "clusters (k-means)": "KMeans(2, random_state=1)",
  pipeline: "make_pipeline(StandardScaler(), LinearRegression()).fit([[1], [2]], [2, 4])",
  "number of NumPy": "np.float64(0.5)",
  "dtype of records": "np.dtype([('a', 'i4'), ('b', 'f8')])",
  "random generator": "np.random.default_rng(1)",
  "old random generator": "np.random.RandomState(1)",
};

const IMPORTS = `import numpy as np, pandas as pd, sympy, networkx as nx
import scipy.sparse, scipy.stats, scipy.optimize, scipy.interpolate, scipy.spatial.transform
from sympy.combinatorics import Permutation
from sklearn.linear_model import LinearRegression
from sklearn.ensemble import RandomForestClassifier
from sklearn.cluster import KMeans
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
`;

const PRELOAD = [
  "numpy",
  "pandas",
  "sympy",
  "networkx",
  "scipy.sparse",
  "scipy.stats",
  "scipy.optimize",
  "scipy.interpolate",
  "scipy.spatial.transform",
  "sklearn.linear_model",
  "sklearn.ensemble",
  "sklearn.cluster",
  "sklearn.pipeline",
];

/** Lines beside an unchanged `x`; the program measures its own CPU time of them, which recording them is part of. */
function loop(kind: string, value: string, iterations: number) {
  const lines = "        n = i\n".repeat(LINES_PER_ITERATION - 1);
  const code = `${IMPORTS}from time import thread_time\ndef f(rounds):
    x = ${value}
    start = thread_time()
    for i in range(rounds):
${lines}    return thread_time() - start\n`;
  return { id: kind, code, entry: `f(${iterations})` };
}

export const packageValuesCase: BenchCase = {
  name: "package-values",
  title: "a line event beside an unchanged value of a third-party package, above one beside None",
  async run({ python, short }) {
    const environment = python ?? (await newestEnvironment());
    if (!environment) {
      console.log("  left out: no environment; scripts/packages-venv.sh makes it, or --python VENV/bin/python");
      return [];
    }
    await using tracer = await warmTracer({
      python: environment,
      preload: PRELOAD,
      workers: 1,
      maxEvents: 0,
      timeoutMs: 120_000,
      memoryMb: 2_048,
    });
    const iterations = short ? 20 : 200;
    const perLine = async (kind: string, value: string): Promise<number> => {
      const [seconds] = await results(tracer, [loop(kind, value, iterations)]);
      return Number(seconds) / (iterations * LINES_PER_ITERATION);
    };
    const measurements = [];
    for (const [kind, value] of Object.entries(KINDS)) {
      const rounds = await interleaved(
        { flat: () => perLine("flat", "None"), value: () => perLine(kind, value) },
        short ? 1 : 5,
      );
      const samples = rounds.map((r) => (r.value - r.flat) * 1e6);
      measurements.push(measurement(kind, "us per line event", samples, { budget: 5 }));
    }
    return measurements;
  },
};

/** Of the Pythons that there is a core for. */
async function newestEnvironment(): Promise<string | null> {
  const environments = (await builtPythons()).map(({ minor }) => packagesPython(`3.${minor}`));
  return environments.findLast((environment) => environment !== null) ?? null;
}
