// The scratch directory: bounded, empty at the start of every program, gone afterwards, and nowhere else to write.
import { describe, expect, it } from "vitest";
import { openTracer } from "../../src/engine/tracer.ts";
import type { Trace } from "../../src/record/trace/trace.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { collect } from "../helpers/collect.ts";

const [python] = await builtPythons();
const executable = python?.executable ?? "";

const LOOK = `import os
print(sorted(os.listdir("/program")), [n for n in os.listdir("/tmp") if n.startswith("left")])
print(os.getcwd(), oct(os.umask(0o022)), os.path.getsize("program.py"), oct(os.stat("program.py").st_mode))
`;
const LEAVE = [
  `open("left", "w").write("x")\nopen("/tmp/left", "w").write("x")`,
  `import os\nos.makedirs("left/" + "/".join("d" * 200 for _ in range(15)))\nos.chmod("left", 0)`,
  `import os\nfor i in range(3000):\n    os.mkdir("d")\n    os.chdir("d")`,
  `import os\nos.umask(0)\nos.mkdir("/tmp/left")\nos.chdir("/tmp/left")`,
  `import os\nos.remove("program.py")\nos.mkdir("program.py")`,
  `open("program.py", "w").write("x" * 100)\nimport os\nos.chmod("program.py", 0)\nos.chmod("/program", 0)`,
  `import os\nos.symlink("/", "left")\nos.symlink("nowhere", "/tmp/left")\nos.link("left", ".removed-0")`,
  `import os\nfd = os.open("left", os.O_RDWR | os.O_CREAT)\nos.write(fd, b"x" * 1000)\nwhile True: pass`,
  `import os\nopen("left", "w").write("x")\nos._exit(0)`,
];

async function traced(isolation: "shared" | "fork", codes: readonly string[], scratchMb = 4): Promise<Trace[]> {
  await using tracer = await openTracer({ python: executable, isolation, scratchMb, workers: 1, timeoutMs: 2_000 });
  return await collect(tracer.run(codes.map((code, i) => ({ id: String(i), code }))));
}

it("is refused where there is no sandbox", async () => {
  await expect(openTracer({ isolation: "inline", scratchMb: 1 })).rejects.toThrow(/scratchMb/);
});

describe.skipIf(python !== undefined)("a scratch directory", () => {
  it("needs a build", (test) => test.skip(NOT_BUILT));
});

describe.runIf(python !== undefined).each(["shared", "fork"] as const)("a scratch directory, %s", (isolation) => {
  it("is empty for every program, whatever the one before did", async () => {
    const traces = await traced(
      isolation,
      LEAVE.flatMap((code) => [code, LOOK]),
    );
    const seen = traces.filter((_, i) => i % 2 === 1).map(({ stdout }) => stdout);
    const expected = `['program.py'] []\n/program 0o22 ${LOOK.length} 0o100644\n`;
    expect(seen).toEqual(LEAVE.map(() => expected));
    const ended = traces.filter((_, i) => i % 2 === 0).map(({ outcome }) => outcome.status);
    expect(ended).toEqual(["ok", "ok", "ok", "ok", "ok", "ok", "ok", "timeout", "crash"]);
  }, 60_000);

  it("holds no more than it may, in bytes and in files", async () => {
    const fill = `n = 0
try:
    with open("big", "wb", buffering=0) as f:
        while True:
            n += f.write(b"x" * 65536)
except OSError as e:
    print(e.errno in (27, 28), 3 << 20 < n <= 4 << 20)
`;
    const many = `n = 0
try:
    while True:
        open(f"/tmp/{n}", "w").close()
        n += 1
except OSError as e:
    print(e.errno, 1000 < n < 10000)
`;
    const both = `import os
for folder in "/program", "/tmp":
    try:
        with open(folder + "/half", "wb", buffering=0) as f:
            for _ in range(3): f.write(b"x" * (1 << 20))
        print("whole")
    except OSError as e:
        print(e.errno)
`;
    const outputs = (await traced(isolation, [fill, many, both, fill])).map(({ stdout }) => stdout);
    expect(outputs).toEqual(["True True\n", "28 True\n", "whole\n28\n", "True True\n"]);
  }, 60_000);

  it("is the only place to write", async () => {
    const elsewhere = [
      `open("/etc/x", "w")`,
      `open("/var/tmp/x", "w")`,
      `open("../x", "w")`,
      `import os\nos.mkdir("/x")`,
      `import os\nos.symlink("/var/tmp", "out")\nopen("out/x", "w")`,
      `import os\nos.chmod("/usr", 0o777)`,
      `import shutil\nopen("x", "w").close()\nshutil.copy("x", "/usr/lib/x")`,
      `import os\nos.chdir("/usr")`,
      `import os\nos.rename("program.py", "/var/tmp/program.py")`,
      `import sqlite3\nsqlite3.connect("/var/tmp/x.db").execute("create table t (a)")`,
      `import os\nos.mkfifo("pipe")`,
    ];
    const ends = (await traced(isolation, elsewhere)).map(({ outcome }) => outcome.status);
    expect(ends).toEqual(elsewhere.map(() => "denied"));
  });

  it("gives no way to run machine code", async () => {
    const code = `import mmap
with open("code", "w+b") as f:
    f.write(b"\\xc3" * 4096)
    f.flush()
    for prot in (mmap.PROT_READ | mmap.PROT_EXEC, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC):
        for flags in (mmap.MAP_PRIVATE, mmap.MAP_SHARED):
            try:
                mmap.mmap(f.fileno(), 4096, flags=flags, prot=prot)
                print("mapped")
            except PermissionError:
                print("refused")
`;
    expect((await traced(isolation, [code]))[0]?.stdout).toBe("refused\n".repeat(4));
  });

  it("is not there unless it is asked for", async () => {
    const codes = [
      `open("x", "w")`,
      "import tempfile\ntempfile.mkdtemp()",
      "import tempfile\ntempfile.TemporaryFile()",
    ];
    const ends = (await traced(isolation, codes, 0)).map(({ outcome }) => outcome.status);
    expect(ends).toEqual(["denied", "denied", "denied"]);
  });
});
