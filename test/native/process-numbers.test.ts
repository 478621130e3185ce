// A program that shows the number of its process has the same record in every process; that of `inline` is Node's.
import { describe, expect, it } from "vitest";
import type { Program } from "../../src/base/schema/program.ts";
import { dump } from "../../src/record/trace/dump.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";
import { differences, tracedRows } from "../helpers/record-rows.ts";

const plain = (id: string, code: string): Program => ({ id, code, entry: null });

const PROGRAMS: readonly Program[] = [
  plain("os", "import os\nfrom os import getpid as own\nshown = [own(), os.getppid(), os.getpgrp(), own.__doc__, own]"),
  plain(
    "multiprocessing",
    "import multiprocessing\nthis = multiprocessing.current_process()\nnext = multiprocessing.Process(target=print)\n" +
      "shown = [repr(next), next.is_alive(), repr(this), this.ident, multiprocessing.parent_process()]",
  ),
  plain("logging", "import logging\nshown = logging.makeLogRecord({}).process"),
  // No process has that number, and this one goes on.
  plain("signals", "import ctypes, os\nshown = ctypes.CDLL(None).kill(os.getpid(), 9)"),
];

const pythons = await builtPythons();

describe.skipIf(pythons.length > 0)("process numbers", () => {
  it("need a build", (test) => test.skip(NOT_BUILT));
});

describe.each(pythons)("Python $version", ({ executable }) => {
  it("shows the same process in every run and isolation", async () => {
    const traced = (isolation: "shared" | "fork") =>
      tracedRows({ python: executable, workers: 1, isolation }, PROGRAMS);
    const rows = await traced("shared");
    expect(differences(rows, await traced("shared"))).toEqual([]);
    expect(differences(rows, await traced("fork"))).toEqual([]);
    const [os, multiprocessing, logging, signals] = rows.map(({ record }) => dump(record));
    expect(os).toContain("[5000001, 5000000, 5000001, 'Return the current process id.', <built-in function getpid>]");
    expect(multiprocessing).toContain("<Process name='Process-1' parent=5000001 initial>");
    expect(multiprocessing).toContain("<_MainProcess name='MainProcess' parent=None started>\", 5000001, None]");
    expect(logging).toContain("5000001");
    expect(signals).toContain("shown: int -1");
  });
});
