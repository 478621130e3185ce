// The wall around programs: what it must stop, what it must let pass, and what is said where it has gaps.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { packagePath } from "../../src/base/package-root.ts";
import type { Sandbox } from "../../src/base/schema/sandbox.ts";
import { missingLayers } from "../../src/engine/host/sandbox.ts";
import { openTracer, type Tracer } from "../../src/engine/tracer.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { CODE, FILES, LEAKS, NETWORK, ORDINARY, PROCESSES, RIGHTS, type SandboxProgram } from "./sandbox-programs.ts";

const PROGRAMS = [...PROCESSES, ...NETWORK, ...FILES, ...RIGHTS, ...CODE, ...LEAKS, ...ORDINARY];
/** Runs after each of them. */
const WITNESS = {
  id: "witness",
  code: "import json, math\ntotal = 0\nfor i in range(3):\n    total += i\nprint(json.dumps([total, math.pi]))",
};
const LIMITS = { workers: 1, timeoutMs: 1_500 } as const;

const pythons = await builtPythons();
const [python] = pythons;

async function witnessAlone(options: Parameters<typeof openTracer>[0]): Promise<Buffer> {
  await using tracer = await openTracer(options);
  for await (const trace of tracer.run([WITNESS])) {
    expect(trace.outcome.status).toBe("ok");
    return Buffer.from(trace.bytes);
  }
  throw new Error("no record came");
}

/** Each program followed by the witness; what was not as it must be. */
async function disagreements(tracer: Tracer, witness: Buffer): Promise<object[]> {
  const wrong: object[] = [];
  let last: SandboxProgram | undefined;
  const programs = PROGRAMS.flatMap(({ id, code }) => [{ id, code }, WITNESS]);
  let seen = 0;
  for await (const trace of tracer.run(programs)) {
    const { status, exception, detail } = trace.outcome;
    if (seen++ % 2 === 1) {
      if (!witness.equals(trace.bytes)) wrong.push({ after: last?.id, status, detail });
      continue;
    }
    last = PROGRAMS[(seen - 1) / 2] as SandboxProgram;
    const got = { id: last.id, status, exception: exception?.type, stdout: trace.stdout };
    const must = { stdout: got.stdout, exception: got.exception, ...last };
    if (got.status !== must.status || got.exception !== must.exception || got.stdout !== must.stdout) {
      wrong.push({ ...got, message: exception?.message, detail });
    }
  }
  expect(seen).toBe(programs.length);
  return wrong;
}

describe.skipIf(pythons.length > 0)("sandbox", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("Python $version", ({ executable }) => {
  it.each(["shared", "fork"] as const)(
    "keeps programs in and away from each other in %s isolation",
    async (isolation) => {
      const options = { python: executable, isolation, ...LIMITS };
      await using tracer = await openTracer(options);
      if (tracer.sandbox?.landlock === 0 || !tracer.sandbox?.seccomp) {
        expect(missingLayers(tracer.sandbox as Sandbox)).toMatch(/landlock|seccomp/);
        return;
      }
      expect(await disagreements(tracer, await witnessAlone(options))).toEqual([]);
    },
    180_000,
  );
});

describe.runIf(python !== undefined)("a machine", () => {
  const executable = python?.executable ?? "";
  const LANDLOCK = 444;
  const UNSHARE = 272;
  const SECCOMP = 317;
  const READ_PASSWD = "open('/etc/passwd').read()";
  // Loads code that nothing has loaded before.
  const EXTENSION = "import _decimal, _sqlite3, array";

  interface Answer {
    sandbox: Sandbox;
    statuses: string[];
    error?: string;
  }

  async function lacking(calls: readonly number[], requireSandbox: boolean, ...codes: string[]): Promise<Answer> {
    const launcher = packagePath("test", "native", "without-syscalls.py");
    const child = packagePath("test", "native", "sandbox-child.ts");
    const node = [process.execPath, "--import", "tsx", child, executable, String(requireSandbox), ...codes];
    const { stdout } = await promisify(execFile)(executable, ["-I", launcher, calls.join(","), ...node], {
      cwd: packagePath(),
    });
    return JSON.parse(stdout) as Answer;
  }

  it("with everything lacks nothing that is required", async () => {
    await using tracer = await openTracer({ python: executable, requireSandbox: true, ...LIMITS });
    expect(tracer.sandbox).toMatchObject({ capabilities: true, noNewPrivileges: true, rlimits: true, seccomp: true });
    expect(tracer.sandbox?.landlock).toBeGreaterThan(0);
  }, 60_000);

  it("without Landlock says so, and still loads the standard library", async () => {
    const { sandbox, statuses } = await lacking([LANDLOCK], false, EXTENSION, READ_PASSWD, "import os\nos.fork()");
    expect(sandbox).toMatchObject({ landlock: 0, seccomp: true });
    expect(missingLayers(sandbox)).toMatch(/landlock \(Function not implemented\)/);
    expect(statuses).toEqual(["ok", "ok", "PermissionError"]);
  }, 60_000);

  it("without seccomp says so", async () => {
    const { sandbox, statuses } = await lacking([SECCOMP], false, EXTENSION, READ_PASSWD);
    expect(sandbox).toMatchObject({ seccomp: false });
    expect(missingLayers(sandbox)).toMatch(/seccomp/);
    expect(statuses).toEqual(["ok", "PermissionError"]);
  }, 60_000);

  it("without namespaces says so, and fulfils the requirement", async () => {
    const { sandbox, statuses } = await lacking([UNSHARE], true, EXTENSION);
    expect(sandbox).toMatchObject({ namespaces: false, seccomp: true });
    expect(statuses).toEqual(["ok"]);
  }, 60_000);

  it.each([
    ["Landlock", LANDLOCK],
    ["seccomp", SECCOMP],
  ])(
    "without %s runs nothing when the sandbox is required",
    async (name, call) => {
      const { error } = await lacking([call], true, "x = 1");
      expect(error).toMatch(new RegExp(`sandbox is required, and this machine has no ${name} \\(`));
    },
    60_000,
  );

  it("has no sandbox inline, and says that", async () => {
    await expect(openTracer({ isolation: "inline", requireSandbox: true })).rejects.toThrow(/requireSandbox/);
  });
});
