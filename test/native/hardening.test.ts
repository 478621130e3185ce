// What compiler and linker were told to do against mistakes (native/hardening.cmake, binding.gyp), read in the built files.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { addonPath, corePath, hostPath } from "../../src/base/addon/artefacts.ts";
import { builtPythons, NOT_BUILT } from "../helpers/built-pythons.ts";

const readelf = (file: string, ...flags: string[]): string =>
  execFileSync("readelf", ["-W", ...flags, file], { encoding: "utf8", maxBuffer: 1 << 26 });

const pythons = await builtPythons();
const files = pythons.length === 0 ? [] : [addonPath, hostPath, ...pythons.map(({ minor }) => corePath(minor))];

describe.skipIf(files.length > 0)("built files", () => {
  it("need a build", (test) => test.skip(NOT_BUILT));
});

describe.each(files)("%s", (file) => {
  it("has no relocation that can be written", () => {
    expect(readelf(file, "-l")).toMatch(/GNU_RELRO/);
    expect(readelf(file, "-d")).toMatch(/BIND_NOW/);
    expect(readelf(file, "-d")).not.toMatch(/TEXTREL/);
  });

  it("has neither a stack that can be run nor a segment that can be written and run", () => {
    const segments = readelf(file, "-l").split("\n");
    expect(segments.find((line) => line.includes("GNU_STACK"))).toMatch(/ RW /);
    expect(segments.filter((line) => line.includes(" RWE "))).toEqual([]);
  });

  it("can be anywhere", () => {
    expect(readelf(file, "-h")).toMatch(/Type:\s+DYN/);
  });

  it("marks where it may be jumped to", () => {
    // In the code, since the note of the whole file depends on the C library's objects, too.
    const marks = readFileSync(file).toString("latin1").split("\xf3\x0f\x1e\xfa").length - 1;
    const functions = readelf(`${file}.debug`, "-s")
      .split("\n")
      .filter((line) => line.includes(" FUNC "));
    expect(marks).toBeGreaterThan(100);
    expect(marks).toBeGreaterThan(functions.length / 10);
  });

  it("guards its stack and the sizes of what it copies", () => {
    const symbols = readelf(file, "--dyn-syms");
    expect(symbols).toMatch(/__stack_chk_fail/);
    // The addon copies nothing into what has a known size.
    if (file !== addonPath) expect(symbols).toMatch(/__\w+_chk@/);
  });

  it("checks the bounds of containers", () => {
    expect(readelf(file, "-p", ".rodata")).toMatch(/__n < this->size\(\)|__glibcxx_assert|!this->empty\(\)/);
  });

  it("has what debuggers read beside it", () => {
    expect(readelf(file, "-S")).not.toMatch(/\.debug_info/);
    expect(readelf(file, "-p", ".gnu_debuglink")).toContain(`${file.split("/").at(-1)}.debug`);
    expect(existsSync(`${file}.debug`)).toBe(true);
    expect(readelf(`${file}.debug`, "-S")).toMatch(/\.debug_info/);
  });
});
