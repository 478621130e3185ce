// Nothing of the user's is overwritten or deleted, whatever the verb and whichever of its names is taken.
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { runInspect } from "../../../src/jobs/inspect.ts";
import type { JobResult } from "../../../src/jobs/job.ts";
import { runRender } from "../../../src/jobs/render.ts";
import { runTrace } from "../../../src/jobs/trace.ts";
import { buildDataset } from "../../../src/products/dataset/build.ts";
import { TestFolder } from "../../helpers/test-folder.ts";
import { fakeTracer } from "./fake-tracer.ts";

interface How {
  resume?: boolean;
  force?: boolean;
}

const HOWS: readonly How[] = [{}, { resume: true }, { force: true }];

const PRECIOUS = '{"mine": true}\n';

/** Of everything that a job writes, behind the name of its output. */
const SUFFIXES = [
  "",
  ".part",
  ".rejected.jsonl",
  ".rejected.jsonl.part",
  ".manifest.json",
  ".manifest.json.part",
  ".journal.jsonl",
];

const folder = new TestFolder();
beforeEach(async () => {
  folder.write("in.jsonl", '{"id": "p", "code": "x = 1"}\n');
  await traceTo(folder.at("in.tmr"), folder.at("in.jsonl"), {}, "record");
  rmSync(folder.at("in.tmr.manifest.json"));
  rmSync(folder.at("in.tmr.rejected.jsonl"));
});

function traceTo(output: string, input: string, how: How, format = "events"): Promise<JobResult> {
  return runTrace({ inputs: [input], output, format, tracer: {}, ...how }, { open: fakeTracer() });
}

interface Verb {
  readonly input: string;
  run(output: string, input: string, how: How): Promise<unknown>;
}

const VERBS: Readonly<Record<string, Verb>> = {
  trace: { input: "in.jsonl", run: (output, input, how) => traceTo(output, input, how) },
  render: {
    input: "in.tmr",
    run: (output, records, how) => runRender({ records, output, format: "events", ...how }),
  },
  inspect: {
    input: "in.jsonl",
    run: (output, input, how) => runInspect({ inputs: [input], output, inspect: {}, ...how }),
  },
};

/** Every file below the folder with its bytes, links and folders by name. */
function everything(): Map<string, string> {
  const names = readdirSync(folder.path, { recursive: true, withFileTypes: true });
  return new Map(
    names.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [
        relative(folder.path, path),
        entry.isFile() ? readFileSync(path, "latin1") : entry.isDirectory().toString(),
      ];
    }),
  );
}

async function expectRefused(run: () => Promise<unknown>, message: RegExp): Promise<void> {
  const before = everything();
  await expect(run()).rejects.toThrow(message);
  expect(everything()).toEqual(before);
}

describe.each(Object.entries(VERBS))("%s", (_name, { input, run }) => {
  const SPELLINGS: Readonly<Record<string, (path: string) => string>> = {
    "the input": (path) => path,
    "the input, spelled in another way": (path) => join(folder.path, ".", "..", relative(join(path, "../.."), path)),
    "a hard link to it": (path) => {
      linkSync(path, `${path}.link`);
      return `${path}.link`;
    },
    "a symbolic link to it": (path) => {
      symlinkSync(path, `${path}.link`);
      return `${path}.link`;
    },
    "the input in a linked folder": (path) => {
      symlinkSync(folder.path, folder.at("same"));
      return join(folder.path, "same", relative(folder.path, path));
    },
  };
  for (const [spelling, of] of Object.entries(SPELLINGS)) {
    it(`refuses ${spelling} as its output`, async () => {
      const path = folder.at(input);
      const output = of(path);
      for (const how of HOWS) await expectRefused(() => run(output, path, how), /is (an input too|the input .*)/);
    });
  }

  it.each(SUFFIXES)("refuses an output whose own file %s is another name of the input", async (suffix) => {
    linkSync(folder.at(input), folder.at(`out.jsonl${suffix}`));
    for (const how of HOWS) {
      await expectRefused(() => run(folder.at("out.jsonl"), folder.at(input), how), /under another name/);
    }
  });

  it.each(SUFFIXES)("leaves a file of the user's with the name OUT%s as it is", async (suffix) => {
    folder.write(`out.jsonl${suffix}`, PRECIOUS);
    for (const how of HOWS) {
      await expectRefused(() => run(folder.at("out.jsonl"), folder.at(input), how), /move it away/i);
    }
  });

  it.each(SUFFIXES)("leaves a folder of the user's with the name OUT%s as it is", async (suffix) => {
    mkdirSync(folder.at(`out.jsonl${suffix}`));
    folder.write(`out.jsonl${suffix}/precious`, PRECIOUS);
    for (const how of HOWS) {
      await expectRefused(() => run(folder.at("out.jsonl"), folder.at(input), how), /no ordinary file/);
    }
  });
});

describe("what an earlier job wrote", () => {
  const output = (): string => folder.at("out.jsonl");
  const again = (how: How, limit?: number): Promise<JobResult> =>
    runTrace(
      {
        inputs: [folder.at("in.jsonl")],
        output: output(),
        format: "events",
        tracer: {},
        ...how,
        ...(limit && { limit }),
      },
      { open: fakeTracer() },
    );

  it("is replaced by the same job, and by another one with --force alone", async () => {
    await again({});
    expect((await again({})).state).toBe("finished");
    expect((await again({ resume: true })).state).toBe("unchanged");
    for (const how of [{}, { resume: true }]) await expectRefused(() => again(how, 1), /made by another run.*--force/);
    expect((await again({ force: true }, 1)).state).toBe("finished");
  });

  it("is the user's own as soon as it was changed", async () => {
    await again({});
    writeFileSync(output(), PRECIOUS);
    for (const how of HOWS) await expectRefused(() => again(how), /was changed since tracemill wrote it/);
  });

  it("is vouched for in whichever folder it lies, and by no manifest of another name", async () => {
    await again({});
    mkdirSync(folder.at("moved"));
    for (const suffix of ["", ".manifest.json", ".rejected.jsonl"]) {
      renameSync(`${output()}${suffix}`, folder.at(`moved/out.jsonl${suffix}`));
    }
    expect((await traceTo(folder.at("moved/out.jsonl"), folder.at("in.jsonl"), {})).state).toBe("finished");
    renameSync(folder.at("moved/out.jsonl"), folder.at("moved/other.jsonl"));
    await expectRefused(
      () => traceTo(folder.at("moved/other.jsonl"), folder.at("in.jsonl"), { force: true }),
      /was not written by tracemill/,
    );
  });

  it("is not looked at where the manifest is damaged", async () => {
    await again({});
    writeFileSync(`${output()}.manifest.json`, "{");
    for (const how of HOWS) await expectRefused(() => again(how), /is no manifest of tracemill/);
  });
});

describe("a data set", () => {
  const RECIPE = "name: set\nlicence: mit\nrenderer: statelens\n";
  const build = (how: How, inputs = [folder.at("in.jsonl")]): Promise<unknown> =>
    buildDataset({ recipe: folder.write("recipe.yaml", RECIPE), folder: folder.at("set"), inputs, ...how });

  it.each(["set", "set.part", "set.work"])("never takes the place of the user's folder %s", async (name) => {
    folder.write("recipe.yaml", RECIPE);
    mkdirSync(folder.at(name, ".git"), { recursive: true });
    folder.write(`${name}/precious.jsonl`, PRECIOUS);
    for (const how of HOWS) await expectRefused(() => build(how), /was not made by tracemill/);
  });

  it("never takes the place of a file", async () => {
    folder.write("recipe.yaml", RECIPE);
    folder.write("set", PRECIOUS);
    for (const how of HOWS) await expectRefused(() => build(how), /is no folder/);
  });

  it.each(["set", "set.part", "set.work"])("is not made where the input lies in %s", async (name) => {
    folder.write("recipe.yaml", RECIPE);
    mkdirSync(folder.at(name));
    folder.write(`${name}/rows.jsonl`, readFileSync(folder.at("in.jsonl"), "utf8"));
    for (const how of HOWS) await expectRefused(() => build(how, [folder.at(name, "rows.jsonl")]), /is an input too/);
  });

  it("of ours stays where the user put a file beside its own, or changed one", async () => {
    folder.write("recipe.yaml", RECIPE);
    mkdirSync(folder.at("set"));
    const files = { "README.md": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" };
    folder.write("set/manifest.json", JSON.stringify({ dataset: 1, files, fingerprint: "" }));
    folder.write("set/README.md", "");
    folder.write("set/notes.txt", PRECIOUS);
    await expectRefused(() => build({ force: true }), /notes\.txt was not made by tracemill/);
    rmSync(folder.at("set/notes.txt"));
    folder.write("set/README.md", "mine");
    await expectRefused(() => build({ force: true }), /README\.md was changed since/);
    expect(statSync(folder.at("set")).isDirectory()).toBe(true);
  });
});
