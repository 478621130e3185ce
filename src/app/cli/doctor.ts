import { existsSync } from "node:fs";
import { addonPath, corePath, hostPath } from "../../base/addon/artefacts.ts";
import { loadAddon } from "../../base/addon/load.ts";
import { findPython, type PythonInstallation } from "../../engine/python/find-python.ts";
import { type Feature, gpu, kernel } from "./machine.ts";
import { thirdPartyPackages } from "./packages.ts";

export interface DoctorOptions {
  readonly json?: boolean;
  /** As in `--python`. */
  readonly python?: string;
}

/** One line of the report. */
export interface Check extends Feature {
  /** Nothing can be traced without it. */
  readonly required: boolean;
}

const OLDEST_NODE = [20, 17] as const;
const TRIAL_MS = 10_000;

/** Prints what works on this machine and what to do about the rest; the exit status, 1 if nothing can be traced. */
export async function runDoctor(options: DoctorOptions): Promise<number> {
  const checks = await examine(options.python);
  const healthy = checks.every(({ required, works }) => !required || works);
  const report = options.json ? JSON.stringify({ healthy, checks }, null, 2) : asText(checks, healthy);
  process.stdout.write(`${report}\n`);
  return healthy ? 0 : 1;
}

export async function examine(choice?: string): Promise<Check[]> {
  const python = await choosePython(choice);
  const executable = python.installation?.executable ?? null;
  return [
    required(node()),
    required(python.feature),
    ...(python.installation ? [required(core(python.installation))] : []),
    required(built("tracer process", hostPath)),
    required(addon()),
    required(zstd()),
    ...(executable === null ? [] : await trial(executable)),
    ...(executable === null ? [] : [optional(await thirdPartyPackages(executable))]),
    optional(kernel()),
    optional(gpu()),
  ];
}

function node(): Feature {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const works = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const fix = `. Fix: install Node ${OLDEST_NODE.join(".")} or newer`;
  return { name: "Node", works, detail: `${process.version}${works ? "" : fix}` };
}

async function choosePython(choice?: string): Promise<{ feature: Feature; installation?: PythonInstallation }> {
  const name = "Python";
  try {
    const installation = await findPython(choice);
    const { version, executable, libpython } = installation;
    return { feature: { name, works: true, detail: `${version}, ${executable}, ${libpython}` }, installation };
  } catch (error) {
    return { feature: { name, works: false, detail: messageOf(error) } };
  }
}

function core({ minor, executable }: PythonInstallation): Feature {
  const path = corePath(minor);
  const works = existsSync(path);
  const detail = works ? path : `not built. Fix: npm run build:native -- --python ${executable}`;
  return { name: `core for Python 3.${minor}`, works, detail };
}

function built(name: string, path: string): Feature {
  const works = existsSync(path);
  return { name, works, detail: works ? path : "not built. Fix: npm run build:native" };
}

function addon(): Feature {
  const name = "addon";
  try {
    loadAddon();
    return { name, works: true, detail: addonPath };
  } catch (error) {
    return { name, works: false, detail: messageOf(error) };
  }
}

function zstd(): Feature {
  const name = "zstd";
  try {
    const text = Buffer.from("stored records are compressed ".repeat(4));
    const { zstdCompress, zstdDecompress } = loadAddon();
    const works = text.equals(zstdDecompress(zstdCompress(text, 3), text.length));
    return {
      name,
      works,
      detail: works ? "compresses and restores" : "damages data. Fix: apt install --reinstall libzstd1",
    };
  } catch (error) {
    return { name, works: false, detail: messageOf(error) };
  }
}

/** The whole way once: a tracer process in its sandbox runs a program and its record is read; then what held it in. */
async function trial(python: string): Promise<Check[]> {
  const name = "trial run";
  try {
    // Loaded late: everything else is worth saying on a machine where the engine does not even load.
    const { openTracer } = await import("../../engine/tracer.ts");
    const { sandboxLayers, snapshots } = await import("../../engine/host/sandbox.ts");
    await using tracer = await openTracer({ workers: 1, python, timeoutMs: TRIAL_MS });
    for await (const { outcome } of tracer.run([{ id: "trial", code: "", entry: "6 * 7" }])) {
      const works = outcome.status === "ok" && outcome.result?.repr === "42";
      const detail = works ? "a tracer process ran and recorded a program" : `6 * 7 ended as ${outcome.status}`;
      const layers = tracer.sandbox === null ? [] : [...sandboxLayers(tracer.sandbox), snapshots(tracer.sandbox)];
      return [required({ name, works, detail }), ...layers.map(optional)];
    }
    return [required({ name, works: false, detail: "the tracer process returned no record" })];
  } catch (error) {
    return [required({ name, works: false, detail: messageOf(error) })];
  }
}

function required(feature: Feature): Check {
  return { ...feature, required: true };
}

function optional(feature: Feature): Check {
  return { ...feature, required: false };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function asText(checks: readonly Check[], healthy: boolean): string {
  const lines = checks.map(({ name, works, detail, required }) => {
    const mark = works ? "ok" : required ? "MISSING" : "no";
    return `${mark.padEnd(8)} ${name.padEnd(20)} ${detail}`;
  });
  const verdict = healthy ? "Programs can be traced." : "Nothing can be traced before what is MISSING is there.";
  return [...lines, "", verdict].join("\n");
}
